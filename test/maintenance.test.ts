import { parseNodeId } from '@pushfleet/protocol';
import { type MaintenanceRecord, openRegistry, type Registry } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const dp0 = parseNodeId('dp-0');
const order = { ratePerSecond: 20, deadlineMs: 30_000 };

function openEmbedded(cluster: TestCluster): Promise<Registry> {
  const redis = { redisUrl: undefined, redisKeyPrefix: 'pushfleet' };
  return openRegistry({ stateDir: cluster.stateDir, ...redis, suspectAfterMs: 5_000, deadAfterMs: 15_000 });
}

/** How many of so many devices are on dp-0, once each is counted. */
async function linksOfFirst(cluster: TestCluster, devices: number): Promise<number> {
  const nodes = await eventually('each is counted', async () => {
    const listed = await cluster.nodes();
    return linksOn(listed) === devices && listed;
  });
  return nodes.find(({ nodeId }) => nodeId === 'dp-0')?.live ?? 0;
}

async function node(cluster: TestCluster, nodeId = 'dp-0') {
  const found = (await cluster.nodes()).find((each) => each.nodeId === nodeId);
  if (!found) throw new Error(`${nodeId} is not listed`);
  return found;
}

function reached(registry: Registry, phase: MaintenanceRecord['phase']): Promise<MaintenanceRecord> {
  return eventually(`the maintenance is ${phase}`, async () => {
    const record = await registry.maintenance.get(dp0);
    return record?.phase === phase && record;
  });
}

async function allReachable(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  for (const { id } of devices) {
    await eventually(`${id} is reachable`, async () => {
      const { status } = await cluster.admin.commands.push({ deviceId: id, operation: { forceSync: {} } });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
  }
}

/** Balancers know it a heartbeat later. */
async function isEmpty(cluster: TestCluster): Promise<void> {
  await eventually('it is empty', async () => {
    const { status, live } = await node(cluster);
    return status === 'NODE_STATUS_DRAINING' && live === 0;
  });
}

/** The supervisor and its workers, as a machine that loses its power. */
async function killPushServer(cluster: TestCluster, index: number): Promise<void> {
  const { workers } = await node(cluster, `dp-${index}`);
  const pids = [cluster.pushServers[index]?.pid as number, ...workers.map(({ pid }) => pid)];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await cluster.pushServers[index]?.kill();
}

describe('a drain of a push server', () => {
  it('sends its devices elsewhere at the rate, keeps it empty, and ends when it is cancelled', async () => {
    await using cluster = await TestCluster.create({ pushServers: 3, environment: { PUSHFLEET_MAX_WORKERS: '1' } });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(36);
    const before = await linksOfFirst(cluster, devices.length);

    const startedAt = Date.now();
    await registry.maintenance.request(dp0, { kind: 'drain', ratePerSecond: 4, deadlineMs: 30_000 });
    const record = await reached(registry, 'done');
    expect(Date.now() - startedAt).toBeGreaterThan((before / 4) * 1_000 - 500);
    expect(record).toMatchObject({ remaining: 0, endedAtMs: expect.any(Number) });
    expect(record.moved).toBeGreaterThanOrEqual(before);
    await isEmpty(cluster);
    await eventually('the others have them', async () => {
      const others = [await node(cluster, 'dp-1'), await node(cluster, 'dp-2')];
      return linksOn(others) === devices.length;
    });
    await allReachable(cluster, devices);

    await registry.maintenance.cancel(dp0);
    await eventually('it is ready', async () => (await node(cluster)).status === 'NODE_STATUS_READY');
    await cluster.devices.connect(6, 'later');
    await eventually('it takes devices again', async () => (await node(cluster)).live > 0);
  });

  it('closes what has not left by the deadline', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment: { PUSHFLEET_MAX_WORKERS: '1' } });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(20);
    const before = await linksOfFirst(cluster, devices.length);
    await registry.maintenance.request(dp0, { kind: 'drain', ratePerSecond: 1, deadlineMs: 2_000 });
    const { moved } = await reached(registry, 'done');
    expect(moved).toBeLessThan(before);
    await allReachable(cluster, devices);
    await isEmpty(cluster);
  });

  it('goes on after the whole push server was killed in the midst of it', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2 });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(20);
    await registry.maintenance.request(dp0, { kind: 'drain', ratePerSecond: 2, deadlineMs: 60_000 });
    await reached(registry, 'moving');
    await killPushServer(cluster, 0);
    await cluster.startPushServer(0);
    await reached(registry, 'done');
    await isEmpty(cluster);
    await eventually('the other has all', async () => (await node(cluster, 'dp-1')).live === devices.length);
    await allReachable(cluster, devices);
  });

  it('goes on after a worker was killed in the midst of it', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment: { PUSHFLEET_MAX_WORKERS: '2' } });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(20);
    await registry.maintenance.request(dp0, { kind: 'drain', ratePerSecond: 2, deadlineMs: 60_000 });
    await reached(registry, 'moving');
    process.kill((await node(cluster)).workers[0]?.pid as number, 'SIGKILL');
    await reached(registry, 'done');
    await isEmpty(cluster);
    await allReachable(cluster, devices);
  });
});

describe('a restart of a push server', () => {
  it('replaces its workers by new processes and takes devices on the same port again', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment: { PUSHFLEET_MAX_WORKERS: '2' } });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(20);
    const before = await node(cluster);
    await registry.maintenance.request(dp0, { kind: 'restart', ...order });
    await reached(registry, 'done');
    const isOld = ({ pid }: { pid: number }) => before.workers.some((old) => old.pid === pid);
    const after = await eventually('it is ready, with new workers', async () => {
      const found = await node(cluster);
      const isNew = found.workers.length === 2 && !found.workers.some(isOld);
      return found.status === 'NODE_STATUS_READY' && isNew && found;
    });
    expect(after.port).toBe(before.port);
    expect(after.bootId).toBe(before.bootId);
    await allReachable(cluster, devices);
    await cluster.devices.connect(10, 'later');
    await eventually('it takes devices again', async () => (await node(cluster)).live > 0);
  });

  it('is done once a push server that was killed in the midst of it has started again', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2 });
    await using registry = await openEmbedded(cluster);
    const devices = await cluster.devices.connect(20);
    await registry.maintenance.request(dp0, { kind: 'restart', ratePerSecond: 2, deadlineMs: 60_000 });
    await reached(registry, 'moving');
    await killPushServer(cluster, 0);
    await cluster.startPushServer(0);
    await reached(registry, 'done');
    await cluster.nodesReady(2);
    await allReachable(cluster, devices);
  });
});
