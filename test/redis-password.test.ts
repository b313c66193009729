import { expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { startSecuredRedis } from './redis/secured-redis.ts';

it('balancers, supervisors and workers take another password of Redis from its file, and no link ends', async () => {
  await using redis = await startSecuredRedis('server');
  const environment = {
    PUSHFLEET_REDIS_URL: redis.url,
    PUSHFLEET_REDIS_CA_FILE: redis.caFile,
    PUSHFLEET_REDIS_PASSWORD_FILE: redis.passwordFile,
  };
  await using cluster = await TestCluster.create({ environment });
  const [device] = await cluster.devices.connect(1);
  const push = async () => {
    const { status } = await cluster.admin.commands.push({
      ...{ deviceId: device?.id ?? '', operation: { forceSync: {} }, ttlMs: 60_000, wait: 'WAIT_FINISHED' },
    });
    return status?.outcome;
  };
  expect(await push()).toBe('OUTCOME_SUCCEEDED');
  const epoch = (await cluster.admin.devices.get(device?.id ?? ''))?.session?.epoch;

  await redis.changePassword('another');
  await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  await redis.write(redis.passwordFile, 'another\n');
  // It is written by a worker when it is done, so that all three kinds of processes have found in again.
  await eventually('durable commands go on', async () => (await push()) === 'OUTCOME_SUCCEEDED');
  // Events about it cannot be written by whoever is not in yet.
  for (const [one] of [cluster.balancers, cluster.pushServers]) await one?.said('password or CA of Redis was replaced');
  expect((await cluster.admin.devices.get(device?.id ?? ''))?.session?.epoch).toBe(epoch);
  expect(device?.device.currentStatus.kind).toBe('connected');
});
