import type { RefusedAccess } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { RefusedAccessEvents } from './refused-access-events.ts';

const attempt = (what: string, ageMs = 1_000): RefusedAccess => ({
  user: 'pushfleet-push-server-dp-1',
  ...{ what, ageMs, address: '192.0.2.7:1' },
});

function world(answer: () => RefusedAccess[] | undefined) {
  const clock = new ManualClock();
  const recorded: string[] = [];
  const state = { asked: 0 };
  const registry = {
    refusedAccess: async () => {
      state.asked += 1;
      return answer();
    },
  };
  const refusals = { record: (detail: string) => void recorded.push(detail) };
  const task = new RefusedAccessEvents({ registry, refusals, clock });
  const after = async (ms: number) => {
    clock.advance(ms);
    await task.tick();
  };
  return { recorded, state, after };
}

it('reports each kind of attempt once in a minute, and none that are from before', async () => {
  const { recorded, after } = world(() => [
    attempt('the key "a"'),
    attempt('the command "acl"'),
    attempt('old', 60_000),
  ]);
  for (const ms of [0, 5_000, 5_000]) await after(ms);
  expect(recorded).toEqual([
    'Redis refused its user pushfleet-push-server-dp-1 the key "a", from 192.0.2.7:1',
    'Redis refused its user pushfleet-push-server-dp-1 the command "acl", from 192.0.2.7:1',
  ]);
  await after(60_000);
  expect(recorded).toHaveLength(4);
});

it('asks every five seconds, and seldom where it may not', async () => {
  const permitted = world(() => []);
  for (let second = 0; second < 10; second += 1) await permitted.after(1_000);
  expect(permitted.state.asked).toBe(2);
  const refused = world(() => undefined);
  for (let second = 0; second < 600; second += 1) await refused.after(1_000);
  expect(refused.state.asked).toBe(1);
});
