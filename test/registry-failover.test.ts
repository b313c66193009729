import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { requireRedisBinary } from './redis/find-redis.ts';
import { startTestRedisCluster } from './redis/redis-cluster.ts';
import { startRedisProcess } from './redis/redis-process.ts';
import { startTestSentinels } from './redis/redis-sentinels.ts';

const forceSync = { forceSync: {} };

/** Redis that goes on after its loss. */
interface SpareRedis extends AsyncDisposable {
  url: string;
  /** Further settings of those who use it. */
  environment?: Record<string, string>;
  killMaster(): Promise<void>;
}

/** The master with the fleet's own keys, or one that has only devices. */
async function startCluster(master: 0 | 2): Promise<SpareRedis> {
  const started = await startTestRedisCluster();
  return {
    url: started.url,
    killMaster: () => started.killMaster(master),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

/** Alone, killed and started again with what it has written. */
async function startDurable(): Promise<SpareRedis> {
  const started = await startRedisProcess(await requireRedisBinary(), [
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ]);
  return { url: started.url, killMaster: () => started.restart(), [Symbol.asyncDispose]: () => started.stop() };
}

/** Sentinels that are asked as a user with few rights. */
async function startSentinelsWithUser(): Promise<SpareRedis> {
  await using starting = new AsyncDisposableStack();
  const started = starting.use(await startTestSentinels());
  await started.addUser('fleet', 'for Sentinels alone');
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-sentinel-user-'));
  starting.defer(() => rm(directory, { recursive: true }));
  const file = join(directory, 'password');
  await writeFile(file, 'for Sentinels alone');
  const running = starting.move();
  return {
    url: started.url,
    environment: { PUSHFLEET_REDIS_SENTINEL_USER: 'fleet', PUSHFLEET_REDIS_SENTINEL_PASSWORD_FILE: file },
    killMaster: () => started.killMaster(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const setups: [string, () => Promise<SpareRedis>][] = [
  ['Redis with appendonly that is killed and started again', startDurable],
  ['Redis with Sentinels that loses its master', startTestSentinels],
  ['Redis with Sentinels that know users', startSentinelsWithUser],
  ["a Redis Cluster that loses the master of the fleet's keys", () => startCluster(2)],
  ["a Redis Cluster that loses the master of some devices' keys", () => startCluster(0)],
];

describe.each(setups)('%s', (name, startRedis) => {
  it('links stay up, every device is reachable, new ones get in', async () => {
    await using redis = await startRedis();
    const environment = { PUSHFLEET_REDIS_URL: redis.url, ...redis.environment };
    await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, environment });
    const devices = await cluster.devices.connect(12);
    await cluster.balancers[1]?.stop();

    const startedAt = Date.now();
    await redis.killMaster();
    cluster.startBalancer(1);
    // It knows no route: it must read each from the registry.
    const fresh = cluster.adminOf(1, await cluster.token);
    for (const { id } of devices) {
      await eventually(
        `${id} is reachable`,
        async () =>
          (await fresh.commands.push({ deviceId: id, operation: forceSync })).status?.outcome === 'OUTCOME_SUCCEEDED',
        40_000,
      );
    }
    console.log(`${name}: 12 devices reachable by a new balancer after ${Date.now() - startedAt} ms`);
    fresh.close();
    expect(devices.map(({ device }) => device.currentStatus.kind)).toEqual(devices.map(() => 'connected'));
    // Until the replica has taken over, what cannot be written is refused, and is to be asked again.
    for (const id of ['late-0', 'late-1', 'late-2']) {
      await eventually(`${id} can be put`, () => cluster.devices.register(id).then(() => true), 40_000);
    }
    console.log(`${name}: devices can be put after ${Date.now() - startedAt} ms`);
    await cluster.devices.connect(3, 'late');
  });
});
