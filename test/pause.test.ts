import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ClusterProcess } from './cluster/cluster-process.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { freeze } from './cluster/freeze.ts';
import { PingingDevice } from './cluster/pinging-device.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';
import { askRedis } from './redis/redis-command.ts';

const forceSync = { forceSync: {} };
const second = 1_000;
/** The push servers that are paused: the whole of it, its supervisor alone, or one of its two workers. */
const nodeIds = { short: 'dp-0', long: 'dp-1', supervisor: 'dp-2', worker: 'dp-3' };
/** Whose links all stay: a worker that is frozen alone may be found hung on a machine that is slow enough. */
const keptNodeIds = [nodeIds.short, nodeIds.long, nodeIds.supervisor];

/** Freezes processes, as a suspended host or a snapshot does, and lets them go on. */
async function pause(pids: readonly number[], forMs: number): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(forMs);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

/** A cluster with default settings, and devices of all kinds on each of its push servers. */
class PausedCluster implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly devices: TestDevice[];
  readonly pinging: PingingDevice[] = [];
  /** Devices that lost their link, and those that were told never to come back. */
  readonly ended: string[] = [];
  readonly stopped: string[] = [];
  /** When the sessions were opened that are to outlive the pauses. */
  #kept: Record<string, number | undefined> = {};

  static async create(registry: 'redis' | 'embedded'): Promise<PausedCluster> {
    const cluster = await TestCluster.create({
      ...{ pushServers: 4, balancers: 2, registry, ownRedis: true },
      environment: { PUSHFLEET_MAX_WORKERS: '2' },
    });
    const paused = new PausedCluster(cluster, await cluster.devices.connect(24));
    for (let index = 0; index < 12; index += 1) {
      paused.pinging.push(await PingingDevice.connect(cluster, `pinging-${index}`));
    }
    await paused.expectAllReachable();
    await paused.#keepInMind();
    return paused;
  }

  private constructor(cluster: TestCluster, devices: TestDevice[]) {
    this.cluster = cluster;
    this.devices = devices;
    for (const { id, device } of devices) {
      device.onStatus((status) => {
        if (status.kind === 'waiting') this.ended.push(`${id}: ${JSON.stringify(status.cause)}`);
        if (status.kind === 'stopped' && status.cause.reason !== 'goodbye') this.stopped.push(id);
      });
    }
  }

  async pauseAll(): Promise<void> {
    const nodes = await this.cluster.nodes();
    const supervisors = this.cluster.pushServers.map(({ pid }) => pid);
    const workersOf = (id: string) =>
      nodes.flatMap(({ nodeId, workers }) => (nodeId === id ? workers.map(({ pid }) => pid) : []));
    const whole = (id: string) => [supervisors[Number(id.slice(-1))] as number, ...workersOf(id)];
    await Promise.all([
      pause(whole(nodeIds.short), 20 * second),
      pause(whole(nodeIds.long), 41 * second),
      pause(whole(nodeIds.supervisor).slice(0, 1), 17 * second),
      // In two seconds more it would be hung, and be replaced.
      pause(workersOf(nodeIds.worker).slice(0, 1), 8 * second),
      pause([this.cluster.balancers[1]?.pid as number], 20 * second),
    ]);
  }

  async pauseRedis(): Promise<void> {
    const [, pid] = /process_id:(\d+)/.exec(await askRedis(this.cluster.redis.url, ['INFO', 'server'])) ?? [];
    await pause([Number(pid)], 25 * second);
  }

  /** Within seconds all is as it was: the same sessions, and commands arrive. */
  async expectUndisturbed(): Promise<void> {
    await eventually('the sessions are those from before', async () => {
      expect(await this.#openedAt(Object.keys(this.#kept))).toEqual(this.#kept);
      return true;
    });
    await this.expectAllReachable();
    expect({ stopped: this.stopped, ended: this.ended }).toEqual({ stopped: [], ended: [] });
    const closed = this.pinging.filter(({ isConnected }) => !isConnected);
    expect(closed.map(({ id, nodeId }) => `${id} at ${nodeId}`)).toEqual([]);
  }

  async expectAllReachable(): Promise<void> {
    const reach = async (deviceId: string) =>
      (await this.cluster.admin.commands.push({ deviceId, operation: forceSync })).status?.outcome ===
      'OUTCOME_SUCCEEDED';
    await Promise.all(this.devices.map(({ id }) => eventually(`${id} is reachable`, () => reach(id))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.pinging) device[Symbol.dispose]();
    await this.cluster[Symbol.asyncDispose]();
  }

  async #keepInMind(): Promise<void> {
    const listed = await Array.fromAsync(this.cluster.admin.devices.list());
    const at = (nodeId: string) => listed.filter(({ session }) => session?.nodeId === nodeId);
    for (const nodeId of Object.values(nodeIds)) expect([nodeId, at(nodeId).length > 0]).toEqual([nodeId, true]);
    this.#kept = await this.#openedAt(keptNodeIds.flatMap(at).map(({ deviceId }) => deviceId));
  }

  async #openedAt(ids: readonly string[]): Promise<Record<string, number | undefined>> {
    const found = await Promise.all(ids.map((id) => this.cluster.admin.devices.get(id)));
    return Object.fromEntries(found.map(({ deviceId, session }) => [deviceId, session?.openedAtMs]));
  }
}

describe('no device is told never, and no live link is closed', () => {
  // Most of the time both do nothing but wait.
  it.concurrent.each(['redis', 'embedded'] as const)(
    'when processes stand still, on the %s registry',
    async (registry) => {
      await using paused = await PausedCluster.create(registry);
      await paused.pauseAll();
      await paused.expectUndisturbed();
      if (registry === 'embedded') return;
      await paused.pauseRedis();
      await paused.expectUndisturbed();
    },
  );
});

describe('a supervisor that stands still until its push server counts as dead', () => {
  it.concurrent.each(['redis', 'embedded'] as const)(
    'goes on with all sessions as they are where nobody has touched them, on the %s registry',
    async (registry) => {
      await using cluster = await TestCluster.create({ registry, environment: { PUSHFLEET_MAX_WORKERS: '2' } });
      const devices = await cluster.devices.connect(24);
      const [supervisor] = cluster.pushServers as [ClusterProcess];
      await eventually('its heartbeats have told of all', async () => (await cluster.nodes())[0]?.live === 24);
      const push = async (deviceId: string) =>
        (await cluster.admin.commands.push({ deviceId, operation: forceSync })).status?.outcome;
      await using log = await EventLog.start(cluster.admin);
      await freeze(cluster, [supervisor.pid]);
      try {
        await eventually('it counts as dead', () => log.of('EVENT_KIND_NODE_DEAD').length > 0, 40 * second);
        // Long enough for whoever cleans up behind the dead.
        await sleep(5 * second);
      } finally {
        process.kill(supervisor.pid, 'SIGCONT');
      }

      const untilMs = Date.now() + 5 * second;
      while (Date.now() < untilMs) {
        const outcomes = await Promise.all(devices.map(({ id }) => push(id)));
        expect(outcomes).toEqual(devices.map(() => 'OUTCOME_SUCCEEDED'));
      }
      expect(log.of('EVENT_KIND_NODE_DEAD')).toHaveLength(1);
      expect(supervisor.output).not.toContain('new boot ids');
      expect(supervisor.output).not.toContain('sessions asserted');
    },
  );
});
