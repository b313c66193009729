import { type Epoch, parseBootId, parseDeviceId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Rounds, SessionAsserter, type SessionAsserterOptions } from './session-asserter.ts';

it('asserts 2,000 sessions a second at most, which a registry that has just come back can take', async () => {
  const clock = new ManualClock();
  const self = { nodeId: parseNodeId('dp-1'), workerId: parseWorkerId('w0'), bootId: parseBootId('boot') };
  let asserted = 0;
  const asserter = new SessionAsserter({
    ...{ clock, logger: silentLogger, self: () => self, find: () => ({ epoch: 1 as Epoch, by: {} as never }) },
    sessions: { assert: async () => 'ok' } as unknown as SessionAsserterOptions['sessions'],
    onAsserted: () => (asserted += 1),
    onLost: () => expect.unreachable('all of them are kept'),
  });
  const over = asserter.assert(Array.from({ length: 5_000 }, (_, at) => parseDeviceId(`d${at}`)));
  await clock.turn(990, 5);
  expect(asserted).toBe(2_000);
  await clock.turn(1_510, 5);
  expect(asserted).toBe(5_000);
  await over;
});

describe('Rounds', () => {
  it('takes every key once in a period, evenly', () => {
    const map = new Map(Array.from({ length: 10 }, (_, key) => [key, 0]));
    const rounds = new Rounds(map, 100, 0);
    expect(rounds.next(5)).toEqual([]);
    expect(rounds.next(10)).toEqual([0]);
    expect(rounds.next(55)).toEqual([1, 2, 3, 4]);
    expect(rounds.next(100)).toEqual([5, 6, 7, 8, 9]);
    expect(rounds.next(120)).toEqual([0, 1]);
  });

  it('goes on where it was when keys come and go, and takes no more than one round at once', () => {
    const map = new Map([1, 2, 3].map((key) => [key, 0]));
    const rounds = new Rounds(map, 100, 0);
    expect(rounds.next(34)).toEqual([1]);
    map.delete(2);
    map.set(4, 0);
    expect(rounds.next(100)).toEqual([3, 4]);
    expect(rounds.next(10_000)).toHaveLength(3);
    expect(rounds.next(0)).toEqual([]);
    map.clear();
    expect(rounds.next(1_000)).toEqual([]);
  });
});
