import { describe, expect, it } from 'vitest';
import { type AssignmentAsker, createAssignmentAsker } from './cluster/assignment-asker.ts';
import { eventually } from './cluster/eventually.ts';
import { inParallel } from './cluster/in-parallel.ts';
import { TestCluster } from './cluster/test-cluster.ts';

describe.each(['embedded', 'redis'] as const)('assignment on the %s registry', (registry) => {
  it('spreads 9,000 devices over three push servers within 1 %, though two balancers assign and none has come', async () => {
    await using cluster = await TestCluster.create({
      pushServers: 3,
      balancers: 2,
      registry,
      maxConnections: 5_000,
      // Every place is still reserved when the last device is assigned, on the slowest machine.
      environment: { PUSHFLEET_RESERVATION_MS: '600000' },
    });
    const ids = Array.from({ length: 9_000 }, (_, index) => `device-${index}`);
    await inParallel(64, ids, (id) => cluster.devices.register(id));
    const askers = cluster.balancerPorts.map(({ assign }) => createAssignmentAsker(assign, cluster.ca));
    const answers = await inParallel(128, ids, (id, index) => (askers[index % askers.length] as AssignmentAsker)(id));
    for (const asker of askers) asker[Symbol.dispose]();

    const perNode = Map.groupBy(answers, ({ primary }) => primary?.nodeId);
    const counts = [...perNode.values()].map((assigned) => assigned.length);
    expect(counts).toHaveLength(3);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(30);
    await eventually('the registry counts the same', async () => {
      const reserved = (await cluster.nodes()).map((node) => node.reserved);
      return String(reserved.toSorted()) === String(counts.toSorted());
    });
  });
});
