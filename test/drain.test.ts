import { describe, expect, it } from 'vitest';
import { countDetours } from './cluster/device-statuses.ts';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: { reason: 'test' } };

describe.each(['embedded', 'redis'] as const)('stopping a push server on the %s registry', (registry) => {
  it('hands its devices to the others, evenly, and every one is reachable there', async () => {
    await using cluster = await TestCluster.create({ pushServers: 3, registry });
    const devices = await cluster.devices.connect(30);
    const before = await eventually('all are counted, and no place is kept for one that is elsewhere', async () => {
      const nodes = await cluster.nodes();
      return linksOn(nodes) === 30 && nodes.every(({ reserved }) => reserved === 0) && nodes;
    });

    const detours = countDetours(devices);
    await cluster.pushServers[0]?.stop();
    const after = await eventually('all devices are on the other two', async () => {
      const nodes = await cluster.nodes();
      return nodes.length === 2 && linksOn(nodes) === 30 && nodes;
    });
    const others = before.filter(({ nodeId }) => nodeId !== 'dp-0').map(({ live }) => live);
    const most = Math.max(15, ...others) + 2 * detours();
    for (const { nodeId, live } of after) expect(live, nodeId).toBeLessThanOrEqual(most);
    for (const { id } of devices) {
      const { status, nodeId } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      expect(status?.outcome, status?.reason).toBe('OUTCOME_SUCCEEDED');
      expect(nodeId).not.toBe('dp-0');
    }
  });
});
