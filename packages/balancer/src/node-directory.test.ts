import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, Registry } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { NodeDirectory } from './node-directory.ts';
import { Readiness } from './readiness.ts';

const dp1 = { nodeId: 'dp-1' as NodeId, status: 'ready', liveness: 'alive', workers: [] } as unknown as ListedNode;

/** A registry that answers as it is told to. */
function world() {
  const answers = { list: async () => [dp1], ping: async () => {} };
  const registry = { nodes: { list: () => answers.list() }, ping: () => answers.ping() };
  const clock = new ManualClock();
  const directory = new NodeDirectory(registry as unknown as Pick<Registry, 'nodes' | 'ping'>, clock, silentLogger);
  const readiness = new Readiness(directory, { unfit: [], doubtful: [] }, { ownAheadMs: undefined });
  return { answers, clock, directory, readiness };
}

const fails = (words: string) => async () => {
  throw new Error(words);
};
const never = () => new Promise<never>(() => {});

it('is ready while the registry answers and takes writes', async () => {
  const { directory, readiness } = world();
  await directory.start();
  expect(readiness.missing()).toEqual([]);
});

it('says why the registry takes no writes, knows what can be read, and heals', async () => {
  const { answers, directory, readiness } = world();
  answers.ping = fails('Redis takes no writes: (NOREPLICAS)');
  await directory.refresh();
  await vi.waitFor(() => expect(readiness.missing()).toEqual(['Redis takes no writes: (NOREPLICAS)']));
  expect(directory.node(dp1.nodeId)).toBe(dp1);
  answers.ping = async () => {};
  await directory.refresh();
  await vi.waitFor(() => expect(readiness.missing()).toEqual([]));
});

it('keeps the known push servers while the registry does not answer', async () => {
  const { answers, directory, readiness } = world();
  await directory.refresh();
  answers.list = fails('Redis does not answer');
  await directory.refresh();
  expect(readiness.missing()).toEqual(['Redis does not answer']);
  expect(directory.node(dp1.nodeId)).toBe(dp1);
});

it('does not wait for an answer to know that there is none', async () => {
  const { answers, clock, directory, readiness } = world();
  await directory.start();
  answers.list = never;
  await clock.turn(4_500);
  expect(readiness.missing()).toEqual(['the registry does not answer']);
});

it('reads what there is while a write waits for its turn, and asks for one at a time', async () => {
  const { answers, directory } = world();
  const ping = vi.fn(never);
  answers.ping = ping;
  for (let times = 0; times < 3; times += 1) await directory.refresh();
  expect(directory.node(dp1.nodeId)).toBe(dp1);
  expect(ping).toHaveBeenCalledTimes(1);
});

it('goes on serving while push servers are overloaded, and warns of it', async () => {
  const { answers, directory, readiness } = world();
  answers.list = async () => [
    { ...dp1, acceptsPerSecond: 300, overloaded: true },
    { ...dp1, nodeId: 'dp-2' as NodeId, acceptsPerSecond: 200, overloaded: false },
    { ...dp1, nodeId: 'dp-3' as NodeId, acceptsPerSecond: 200, overloaded: true, liveness: 'dead' },
  ];
  await directory.refresh();
  expect(readiness.missing()).toEqual([]);
  expect(readiness.warnings).toEqual(['push servers that are overloaded get no new devices: dp-1']);
  expect(directory.acceptsPerSecond).toBe(500);
});
