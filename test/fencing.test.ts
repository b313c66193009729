import { once } from 'node:events';
import net from 'node:net';
import { openRegistry, type Registry } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { freeze } from './cluster/freeze.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import { type TestDevice, testSecret } from './cluster/test-devices.ts';

const impatient = {
  PUSHFLEET_SUSPECT_AFTER_MS: '1000',
  PUSHFLEET_DEAD_AFTER_MS: '2000',
};
const forceSync = { forceSync: {} };

async function node(cluster: TestCluster, nodeId = 'dp-0') {
  const found = (await cluster.nodes()).find((each) => each.nodeId === nodeId);
  if (!found) throw new Error(`${nodeId} is not listed`);
  return found;
}

async function allReachable(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  for (const { id } of devices) {
    await eventually(`${id} is reachable`, async () => {
      const { status } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
  }
}

/** Boot ids of the workers of `dp-0`. */
async function workerBoots(registry: Registry): Promise<string[]> {
  const nodes = await registry.nodes.list();
  return nodes.filter(({ nodeId }) => nodeId === 'dp-0').flatMap(({ workers }) => workers.map(({ bootId }) => bootId));
}

function openRegistryOf(cluster: TestCluster, kind: 'embedded' | 'redis'): Promise<Registry> {
  const { url: redisUrl, keyPrefix: redisKeyPrefix } =
    kind === 'redis' ? cluster.redis : { url: undefined, keyPrefix: 'pushfleet' };
  const limits = { suspectAfterMs: 1_000, deadAfterMs: 2_000 };
  return openRegistry({ stateDir: cluster.stateDir, redisUrl, redisKeyPrefix, ...limits });
}

describe.each(['embedded', 'redis'] as const)('a push server that was frozen, on the %s registry', (kind) => {
  it('takes new boot ids, and keeps only the links that nobody took over', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, registry: kind, environment: impatient });
    const watchful = [
      ...(await cluster.devices.connect(4, 'grpc', { link: 'grpc', keepAliveMs: 5_000 })),
      ...(await cluster.devices.connect(4, 'mqtt', { link: 'mqtt', keepAliveMs: 5_000 })),
    ];
    // MQTT 3.1.1 devices choose their keep-alive themselves: they do not notice, and wait.
    const patient = await cluster.devices.connect(4, 'patient', { link: 'mqtt3' });
    const devices = [...watchful, ...patient];
    const isEachCounted = async () => linksOn(await cluster.nodes()) === devices.length;
    await eventually('they are counted', isEachCounted);
    await using registry = await openRegistryOf(cluster, kind);
    const boots = await workerBoots(registry);
    const pids = (await node(cluster)).workers.map(({ pid }) => pid);

    const all = [cluster.pushServers[0]?.pid as number, ...pids];
    await freeze(cluster, all);
    try {
      await eventually('it counts as dead', async () => (await node(cluster)).status === 'NODE_STATUS_DEAD');
      await allReachable(cluster, watchful);
    } finally {
      for (const pid of all) process.kill(pid, 'SIGCONT');
    }

    const after = await eventually('it is back in another life', async () => {
      const found = await node(cluster);
      const isNew = (await workerBoots(registry)).every((bootId) => !boots.includes(bootId));
      return found.status === 'NODE_STATUS_READY' && isNew && found;
    });
    expect(after.workers.map(({ pid }) => pid)).toEqual(pids);
    await eventually('every device has one link', isEachCounted);
    await allReachable(cluster, devices);
  });
});

/** Empties a Redis, as `redis-cli` does it. */
async function flush(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.write('FLUSHALL\r\n');
  await once(socket, 'data');
  socket.destroy();
}

describe('when Redis loses its data', () => {
  it.each([
    ['comes back empty', (cluster: TestCluster) => cluster.redis.restart()],
    ['is flushed', (cluster: TestCluster) => flush(cluster.redis.url)],
  ])('and %s, asserts every session anew, once, while the links stay up', async (what, lose) => {
    await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, registry: 'redis', ownRedis: true });
    const devices = await cluster.devices.connect(24);
    await cluster.balancers[1]?.stop();
    const liveCounts = async () => (await cluster.nodes()).map(({ live }) => live);
    const before = await eventually('all links are counted', async () => {
      const counts = await liveCounts();
      return counts.reduce((sum, live) => sum + live, 0) === devices.length && counts;
    });

    const startedAt = Date.now();
    await lose(cluster);
    // The fleet is put again as an Administration Server does it: devices last, once the scopes are known.
    await eventually('Redis answers', () => cluster.admin.groups.put(testGroup).then(() => true));
    for (const [index, port] of cluster.devicePorts.entries()) {
      await cluster.admin.distributionPoints.put({
        distributionPointId: `dp-${index}`,
        groups: [testGroup],
        pushServer: { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 },
      });
    }
    for (const { id } of devices)
      await cluster.admin.devices.put({ deviceId: id, group: testGroup, secret: testSecret });
    cluster.startBalancer(1);
    const fresh = cluster.adminOf(1, await cluster.token);
    for (const { id } of devices) {
      await eventually(`${id} is reachable by a balancer that knows no route`, async () => {
        const { status } = await fresh.commands.push({ deviceId: id, operation: forceSync });
        return status?.outcome === 'OUTCOME_SUCCEEDED';
      });
    }
    console.log(`24 devices reachable by a new balancer ${Date.now() - startedAt} ms after Redis ${what}`);
    fresh.close();
    expect(devices.map(({ device }) => device.currentStatus.kind)).toEqual(devices.map(() => 'connected'));
    const asserted = () =>
      cluster.pushServers.flatMap(({ output }) => [...output.matchAll(/"live":(\d+),"msg":"sessions asserted"/g)]);
    await eventually('every worker asserted its sessions', () => asserted().length === 4);
    expect(asserted().reduce((sum, [, live]) => sum + Number(live), 0)).toBe(devices.length);
    await eventually('all links are counted as before', async () => String(await liveCounts()) === String(before));

    const alarms = cluster.pushServers.map(({ output }) => output.split('the registry has lost its data').length - 1);
    expect(alarms).toEqual([1, 1]);
  });
});
