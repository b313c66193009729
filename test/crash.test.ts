import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { PushLoad } from './cluster/push-load.ts';
import { TestCluster } from './cluster/test-cluster.ts';

function killAll(pids: number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** Every one of the devices has had a push succeed that began after `from` others had ended. */
async function allReachableAgain(load: PushLoad, devices: number): Promise<void> {
  const from = load.records.length;
  await eventually('every device is reachable again', () => load.succeededSince(from).size === devices, 40_000);
}

describe.each(['embedded', 'redis'] as const)('under a stream of pushes, on the %s registry', (registry) => {
  it('loses no truth when a worker is killed, and reaches every device again', async () => {
    await using cluster = await TestCluster.create({
      pushServers: 2,
      registry,
      environment: { PUSHFLEET_MAX_WORKERS: '2' },
    });
    const devices = await cluster.devices.connect(24);
    const load = new PushLoad(cluster.admin, devices);
    await eventually('pushes flow', () => load.succeededSince(0).size === devices.length);

    const [victim] = (await cluster.nodes()).flatMap(({ workers }) => workers).toSorted((a, b) => b.live - a.live);
    killAll([victim?.pid as number]);
    await eventually('the worker is there again', async () => {
      const workers = (await cluster.nodes()).flatMap((node) => node.workers);
      return workers.length === 4 && workers.every(({ pid }) => pid !== victim?.pid);
    });
    await allReachableAgain(load, devices.length);
    await load.stop();
    expect(load.lies()).toEqual([]);
  });

  it('loses no truth when a whole push server is killed, and reaches every device on the other', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, registry });
    const devices = await cluster.devices.connect(24);
    const load = new PushLoad(cluster.admin, devices);
    await eventually('pushes flow', () => load.succeededSince(0).size === devices.length);

    const [victim] = await cluster.nodes();
    killAll([cluster.pushServers[0]?.pid as number, ...(victim?.workers ?? []).map(({ pid }) => pid)]);
    await eventually('the other push server has all devices', async () => {
      const other = (await cluster.nodes()).find(({ nodeId }) => nodeId === 'dp-1');
      return other?.live === devices.length;
    });
    await allReachableAgain(load, devices.length);
    await load.stop();
    expect(load.lies()).toEqual([]);
    await cluster.pushServers[0]?.kill();
  });
});
