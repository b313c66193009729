import type { admin } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type GroupWatchOptions, type Watcher, watchGroupPush } from './watch.ts';

const push = (counts: Partial<Record<admin.OutcomeCount['outcome'], number>>, more: Partial<admin.GroupPush> = {}) => ({
  groupPushId: 'g-1',
  request: null,
  state: 'GROUP_PUSH_STATE_RUNNING' as const,
  reason: '',
  devices: 3,
  allFound: true,
  counts: Object.entries(counts).map(([outcome, devices]) => ({
    outcome: outcome as admin.OutcomeCount['outcome'],
    devices: devices ?? 0,
  })),
  startedAtMs: 1,
  endedAtMs: 0,
  ...more,
});

/** Tells what there is, then stays open until the watch is given up. */
function watcher(states: readonly admin.GroupPush[]): Watcher {
  return {
    async *watch(_id, { signal } = {}) {
      yield* states;
      signal?.throwIfAborted();
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
    },
  };
}

const watched = (states: readonly admin.GroupPush[], given: Partial<GroupWatchOptions>) => {
  const { signal } = new AbortController();
  return watchGroupPush(watcher(states), push({}), {
    wait: 'connected',
    signal,
    onProgress: () => undefined,
    ...given,
  });
};

it('ends where all got as far as is waited for', async () => {
  const done = push({ OUTCOME_SUCCEEDED: 3 });
  expect(await watched([push({ OUTCOME_ROUTED: 3 }), done], {})).toBe(done);
});

it('takes devices for away only once what is QUEUED for them has stood still', async () => {
  const clock = new ManualClock();
  const seen: admin.GroupPush[] = [];
  const still = push({ OUTCOME_QUEUED: 1, OUTCOME_SUCCEEDED: 2 });
  const ended = watched([push({ OUTCOME_QUEUED: 3 }), still], { onProgress: (now) => seen.push(now), clock });
  await clock.turn(1_900);
  expect(await Promise.race([ended, 'waits'])).toBe('waits');
  await clock.turn(200);
  expect(await ended).toBe(still);
  expect(seen).toHaveLength(2);
});

it('waits for devices that are away where that is wanted, until it is states to stop', async () => {
  const stop = new AbortController();
  const still = push({ OUTCOME_QUEUED: 1, OUTCOME_SUCCEEDED: 2 });
  const ended = watched([still], { wait: 'finished', signal: stop.signal, onProgress: () => stop.abort() });
  expect(await ended).toBe(still);
});
