import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Dispenser } from './dispenser.ts';
import { plainRequest } from './stage.fixture.ts';

const custom = (bytes: number) => ({ kind: 'custom', custom: { name: 'x', payload: Buffer.alloc(bytes) } }) as const;

describe('what goes out together', () => {
  it.each([
    ['direct commands, which share one operation', { operation: custom(1_000_000) }, 500],
    ['durable commands that are small', { ttlMs: 1_000 }, 500],
    ['durable commands of a kilobyte', { ttlMs: 1_000, operation: custom(1_024) }, 500],
    ['durable commands of 100 KB', { ttlMs: 1_000, operation: custom(100_000) }, 41],
    ['durable commands of a megabyte', { ttlMs: 1_000, operation: custom(1_000_000) }, 4],
  ])('is bounded: %s', (_, change, most) => {
    using dispenser = new Dispenser({ ...plainRequest, ...change }, new ManualClock(), () => {}, 5_000);
    dispenser.open(10_000);
    expect(dispenser.take(10_000, 0)).toBe(most);
    expect(dispenser.take(10_000, 4_999)).toBe(1);
    expect(dispenser.take(10_000, 5_000)).toBe(0);
  });
});
