import { expect, it } from 'vitest';
import type { Cluster } from '../actors/cluster.ts';
import type { Manner } from '../actors/foreign-device.ts';
import { FakeCluster } from './fake-cluster.fixture.ts';
import { checkGroupPushes } from './group-pushes.ts';

const cancelledAtMs = 100_000;

it.each<[Manner, runAtMs: number, rules: string[]]>([
  ['repeats results', 159_000, []],
  ['repeats results', 161_000, ['runs after it was cancelled']],
  ['sleeps', 500_000, []],
  // Seed 872002: it had many messages to read before this one.
  ['reads slowly', 500_000, []],
])('a cancelled group push may still begin on a device that %s after %i ms: %j', async (manner, atMs, rules) => {
  const fake = new FakeCluster();
  const runs = [{ command: 'd-c1', atMs, ending: 'succeeded' }];
  const device = { id: 'f-1', manner, isWanted: true, runs };
  const view = { state: 'cancelled', endedAtMs: 300_000, counts: { OUTCOME_SUCCEEDED: 1 } };
  const outcomes = [{ device: 'f-1', command: 'd-c1', outcome: 'OUTCOME_SUCCEEDED' }];
  const groupPushes = { get: async () => view, outcomes: async () => outcomes };
  const story = { name: 'group-1', id: 'g1', askedAtMs: 90_000, devices: ['f-1'], isSettled: true, cancelledAtMs };
  const cluster = {
    ...fake.cluster,
    foreignDevices: [device],
    findDevice: () => device,
    groupPushes: { stories: [story] },
    registry: { ...fake.cluster.registry, ask: (question: (all: object) => unknown) => question({ groupPushes }) },
  } as unknown as Cluster;
  await checkGroupPushes(cluster, fake.disturbances);
  expect(fake.rules).toEqual(rules);
});
