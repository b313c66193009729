import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: { reason: 'test' } };

describe.each(['embedded', 'redis'] as const)('stopping a push server on the %s registry', (registry) => {
  it('hands its devices to the others, evenly, and every one is reachable there', async () => {
    await using cluster = await TestCluster.create({ pushServers: 3, registry });
    const devices = await cluster.devices.connect(30);
    await eventually('the devices are spread evenly', async () => {
      const before = await cluster.nodes();
      return before.every(({ live, reserved }) => live === 10 && reserved === 0);
    });

    await cluster.pushServers[0]?.stop();
    const after = await eventually('all devices are on the other two', async () => {
      const nodes = await cluster.nodes();
      return nodes.length === 2 && linksOn(nodes) === 30 && nodes;
    });
    expect(after.map(({ live }) => live)).toEqual([15, 15]);
    for (const { id } of devices) {
      const { status, nodeId } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      expect(status?.outcome, status?.reason).toBe('OUTCOME_SUCCEEDED');
      expect(nodeId).not.toBe('dp-0');
    }
  });
});
