import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, Registry } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { Readiness } from './readiness.ts';
import { Roster } from './roster.ts';

const dp1 = { nodeId: 'dp-1' as NodeId, status: 'ready', liveness: 'alive', workers: [] } as unknown as ListedNode;

/** A registry that answers as it is told to. */
function world() {
  const answers = { list: async () => [dp1], ping: async () => {} };
  const registry = { nodes: { list: () => answers.list() }, ping: () => answers.ping() };
  const clock = new ManualClock();
  const roster = new Roster(registry as unknown as Pick<Registry, 'nodes' | 'ping'>, clock, silentLogger);
  const readiness = new Readiness(roster, { unfit: [], doubtful: [] }, { ownAheadMs: undefined });
  return { answers, clock, roster, readiness };
}

const fails = (words: string) => async () => {
  throw new Error(words);
};
const never = () => new Promise<never>(() => {});

it('is ready while the registry answers and takes writes', async () => {
  const { roster, readiness } = world();
  await roster.start();
  expect(readiness.missing()).toEqual([]);
});

it('says why the registry takes no writes, knows what can be read, and heals', async () => {
  const { answers, roster, readiness } = world();
  answers.ping = fails('Redis takes no writes: (NOREPLICAS)');
  await roster.refresh();
  await vi.waitFor(() => expect(readiness.missing()).toEqual(['Redis takes no writes: (NOREPLICAS)']));
  expect(roster.node(dp1.nodeId)).toBe(dp1);
  answers.ping = async () => {};
  await roster.refresh();
  await vi.waitFor(() => expect(readiness.missing()).toEqual([]));
});

it('keeps the known push servers while the registry does not answer', async () => {
  const { answers, roster, readiness } = world();
  await roster.refresh();
  answers.list = fails('Redis does not answer');
  await roster.refresh();
  expect(readiness.missing()).toEqual(['Redis does not answer']);
  expect(roster.node(dp1.nodeId)).toBe(dp1);
});

it('does not wait for an answer to know that there is none', async () => {
  const { answers, clock, roster, readiness } = world();
  await roster.start();
  answers.list = never;
  await clock.turn(4_500);
  expect(readiness.missing()).toEqual(['the registry does not answer']);
});

it('reads what there is while a write waits for its turn, and asks for one at a time', async () => {
  const { answers, roster } = world();
  const ping = vi.fn(never);
  answers.ping = ping;
  for (let times = 0; times < 3; times += 1) await roster.refresh();
  expect(roster.node(dp1.nodeId)).toBe(dp1);
  expect(ping).toHaveBeenCalledTimes(1);
});
