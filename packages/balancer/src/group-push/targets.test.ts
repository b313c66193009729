import type { DeviceId, GroupPushId } from '@pushfleet/protocol';
import type { DeviceQuery } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { DevicePager, PendingTargets } from './targets.ts';
import { ids, plainRequest } from './test-bench.fixture.ts';

/** The devices of a fleet, by pages; `asked` are the sizes of these. */
function createFleet(count: number) {
  const all = ids(count);
  const asked: number[] = [];
  const listDeviceIds = async ({ after, limit }: DeviceQuery): Promise<DeviceId[]> => {
    asked.push(limit);
    const from = after === undefined ? 0 : all.indexOf(after) + 1;
    return all.slice(from, from + limit) as DeviceId[];
  };
  return { all, asked, listDeviceIds };
}

it('holds less than two pages of a thousand, and reads no more until they are taken', async () => {
  const fleet = createFleet(5_000);
  const pager = new DevicePager(fleet, plainRequest, undefined);
  await pager.readNext();
  expect([pager.waiting, pager.readNext()]).toEqual([1_000, undefined]);
  const taken = pager.take(1);
  const reading = pager.readNext();
  expect(pager.readNext()).toBeUndefined();
  await reading;
  expect([pager.waiting, pager.readNext()]).toEqual([1_999, undefined]);
  while (!pager.isEmpty) {
    taken.push(...pager.take(500));
    await pager.readNext();
    expect(pager.waiting).toBeLessThan(2_000);
  }
  expect(taken).toEqual(fleet.all);
  expect(new Set(fleet.asked)).toEqual(new Set([1_000]));
});

const custom = (bytes: number) => ({ kind: 'custom', custom: { name: 'x', payload: Buffer.alloc(bytes) } }) as const;

describe('what goes out together', () => {
  it.each([
    ['direct commands, which share one operation', { operation: custom(1_000_000) }, 500],
    ['durable commands that are small', { ttlMs: 1_000 }, 500],
    ['durable commands of a kilobyte', { ttlMs: 1_000, operation: custom(1_024) }, 500],
    ['durable commands of 100 KB', { ttlMs: 1_000, operation: custom(100_000) }, 41],
    ['durable commands of a megabyte', { ttlMs: 1_000, operation: custom(1_000_000) }, 4],
  ])('is bounded: %s', async (_, change, most) => {
    const record = { id: 'push' as GroupPushId, state: 'running', reason: '', startedAtMs: 0 } as const;
    const found = { devices: 0, allFound: false, request: { ...plainRequest, ...change } };
    const options = { fleet: createFleet(2_000), clock: new ManualClock(), wake: () => {}, maxInFlight: 5_000 };
    using targets = new PendingTargets({ ...record, ...found }, options);
    await targets.open(0);
    await targets.readNext();
    const taken = [0, 4_999, 5_000].map((inFlight) => targets.take(true, inFlight)?.commands.length);
    expect(taken).toEqual([most, 1, undefined]);
  });
});
