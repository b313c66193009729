import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: {} };

describe('while Redis is away', () => {
  it('keeps links up, pushes on known routes, refuses the rest truthfully, and says so', async () => {
    await using cluster = await TestCluster.create({ registry: 'redis', ownRedis: true });
    const [known, unknown] = await cluster.devices.connect(2);
    const readyz = () => fetch(`http://127.0.0.1:${cluster.balancerPorts[0]?.rest}/readyz`);
    const push = (device = known) => cluster.admin.commands.push({ deviceId: `${device?.id}`, operation: forceSync });
    expect((await push()).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    expect((await readyz()).status).toBe(200);

    await cluster.redis.stop();
    await eventually('the balancer says that it is not ready', async () => (await readyz()).status === 503);
    expect((await push()).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    await expect(push(unknown)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect([known, unknown].map((device) => device?.device.currentStatus.kind)).toEqual(['connected', 'connected']);

    await cluster.redis.restart();
    await eventually('the push server is known again', async () => (await readyz()).status === 200);
    expect((await push()).status?.outcome).toBe('OUTCOME_SUCCEEDED');
  });
});
