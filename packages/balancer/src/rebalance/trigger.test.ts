import type { NodeId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { Plan } from './plan.ts';
import { type Observation, Trigger } from './trigger.ts';

const uneven: Plan = {
  moves: [{ from: 'dp-1' as NodeId, to: 'dp-2' as NodeId, devices: 50 }],
  largestToMean: 1.5,
  excess: 50,
};
const sight = (change: Partial<Observation> = {}): Observation => ({
  plan: uneven,
  ready: ['dp-1', 'dp-2'] as NodeId[],
  isMaintained: false,
  nowMs: 0,
  ...change,
});
const create = () => new Trigger({ minLinks: 20, minPercent: 10, cooldownMs: 60_000 });

describe('Trigger', () => {
  it('starts when the spread is uneven twice in a row', () => {
    const trigger = create();
    expect(trigger.check(sight())).toBeUndefined();
    expect(trigger.check(sight({ plan: { ...uneven, largestToMean: 1.05 } }))).toBeUndefined();
    expect(trigger.check(sight())).toBeUndefined();
    expect(trigger.check(sight())).toBe('spread');
  });

  it.each([
    ['few links, however uneven', { ...uneven, excess: 19 }],
    ['many links of a great many', { ...uneven, largestToMean: 1.09 }],
    ['no place where they could go', { ...uneven, moves: [] }],
  ])('does not start for %s', (_, plan) => {
    const trigger = create();
    trigger.check(sight({ plan }));
    expect(trigger.check(sight({ plan }))).toBeUndefined();
  });

  it('starts at once when a push server has joined', () => {
    const trigger = create();
    trigger.check(sight({ ready: ['dp-1'] as NodeId[], plan: { ...uneven, moves: [] } }));
    expect(trigger.check(sight())).toBe('node joined');
  });

  it('waits while a push server is drained, and for the cool-down', () => {
    const trigger = create();
    trigger.check(sight());
    expect(trigger.check(sight({ isMaintained: true }))).toBeUndefined();
    expect(trigger.check(sight())).toBe('spread');
    trigger.onEnded(1_000);
    for (const nowMs of [2_000, 3_000, 60_999]) expect(trigger.check(sight({ nowMs }))).toBeUndefined();
    expect(trigger.check(sight({ nowMs: 61_000 }))).toBe('spread');
  });
});
