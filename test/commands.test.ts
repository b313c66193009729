import { describe, expect, it } from 'vitest';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: { reason: 'test' } };

describe.each(['embedded', 'redis'] as const)('a cluster on the %s registry', (registry) => {
  it('brings a forced synchronization to devices of every link kind, and their results back', async () => {
    await using cluster = await TestCluster.create({ pushServers: 3, registry });
    const devices = await cluster.devices.connect(12);
    for (const { id, seen } of devices) {
      const { status } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      expect(status?.outcome, `${id}: ${status?.reason}`).toBe('OUTCOME_SUCCEEDED');
      expect(seen).toHaveLength(1);
    }
  });
});
