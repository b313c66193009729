import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClusterProcess } from './cluster/cluster-process.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { heartbeats } from './cluster/heartbeats.ts';
import { connectMute } from './cluster/mute-device.ts';
import { TcpTarget } from './cluster/tcp-target.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const steppedClock = join(import.meta.dirname, 'cluster/stepped-clock.ts');
const forceSync = { forceSync: {} };
const anywhere = { tunnels: { allow: ['127.0.0.1:*'] } };
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const year = 365 * 24 * hour;

/** A cluster whose processes' wall clocks can be set, each on its own. */
class SteppedCluster implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly devices: TestDevice[];
  readonly #directory: string;
  readonly #mute: Disposable;
  readonly #log: EventLog;

  static async create(registry: 'embedded' | 'redis'): Promise<SteppedCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'pushfleet-clock-'));
    const cluster = await TestCluster.create({
      ...{ pushServers: 2, balancers: 2, registry },
      environment: {
        PUSHFLEET_MAX_WORKERS: '2',
        NODE_OPTIONS: `--import=${steppedClock}`,
        PUSHFLEET_TEST_CLOCK_AHEAD: join(directory, 'ahead'),
      },
    });
    const devices = await cluster.devices.connect(12, 'device', anywhere);
    const mute = await connectMute(cluster, 'mute', 'mqtt');
    return new SteppedCluster(directory, cluster, devices, mute, await EventLog.start(cluster.admin));
  }

  private constructor(directory: string, cluster: TestCluster, devices: TestDevice[], mute: Disposable, log: EventLog) {
    this.#directory = directory;
    this.cluster = cluster;
    this.devices = devices;
    this.#mute = mute;
    this.#log = log;
  }

  async setClocks(of: 'balancers' | 'pushServers', aheadMs: number): Promise<void> {
    await writeFile(join(this.#directory, 'ahead'), String(aheadMs));
    const nodes = of === 'pushServers' ? await this.cluster.nodes() : [];
    const workers = nodes.flatMap((node) => node.workers.map(({ pid }) => pid));
    const processes: readonly ClusterProcess[] = this.cluster[of];
    const pids = [...processes.map((one) => one.pid), ...workers];
    const said = () =>
      processes.reduce((sum, { output }) => sum + output.split(`set: ${aheadMs} ms ahead`).length - 1, 0);
    const saidBefore = said();
    for (const pid of pids) process.kill(pid, 'SIGUSR2');
    await eventually('every clock is set', () => said() === saidBefore + pids.length);
  }

  /** Nobody is taken for dead, no link has ended, commands arrive, and their deadlines come. */
  async expectUndisturbed(): Promise<void> {
    const { admin } = this.cluster;
    const pushed = await Promise.all(
      this.devices.map(({ id }) => admin.commands.push({ deviceId: id, operation: forceSync })),
    );
    expect(pushed.map(({ status }) => status?.outcome)).toEqual(this.devices.map(() => 'OUTCOME_SUCCEEDED'));
    // In time for it to be sent, also on a busy machine.
    const times = { deliverWithinMs: 5 * second, finishWithinMs: 5 * second };
    const { status } = await admin.commands.push({ deviceId: 'mute', operation: forceSync, ...times });
    expect(status?.outcome).toBe('OUTCOME_UNKNOWN');
    // Each by itself: two that are heard half a second apart are never silent for less than that together.
    await Promise.all(this.cluster.pushServers.map(({ name }) => heartbeats(this.cluster, name, 3)));
    await eventually('every push server is heard', async () => {
      const nodes = await this.cluster.nodes();
      return nodes.every(({ silentForMs }) => silentForMs < 4 * second);
    });
    const arrived = new Set(['EVENT_KIND_DEVICE_CONNECTED', 'EVENT_KIND_TUNNEL_OPENED', 'EVENT_KIND_TUNNEL_CLOSED']);
    expect(this.#log.events.filter(({ kind }) => !arrived.has(kind) && !isAboutClocks(kind))).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mute[Symbol.dispose]();
    await this.#log[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Balancers say so of push servers whose clocks are far from theirs, and of certificates that are not valid by their own. */
function isAboutClocks(kind: string): boolean {
  return kind === 'EVENT_KIND_NODE_PROBLEM' || kind === 'EVENT_KIND_NODE_PROBLEM_SOLVED';
}

const steps = [2 * minute, -hour, year, 0];

describe('wall clocks that are set', () => {
  it('on a machine that runs the whole cluster disturb nobody, and let new devices in', async () => {
    await using stepped = await SteppedCluster.create('embedded');
    for (const [index, aheadMs] of steps.entries()) {
      await stepped.setClocks('balancers', aheadMs);
      await stepped.setClocks('pushServers', aheadMs);
      await stepped.expectUndisturbed();
      await stepped.cluster.devices.connect(2, `new-${index}`);
    }
  });

  it.each(['balancers', 'pushServers'] as const)(
    'on the machines of %s alone disturb nobody who is there',
    async (of) => {
      await using stepped = await SteppedCluster.create('redis');
      for (const aheadMs of steps) {
        await stepped.setClocks(of, aheadMs);
        await stepped.expectUndisturbed();
      }
      await using target = await TcpTarget.echo();
      for (const aheadMs of [50 * second, -50 * second]) {
        await stepped.setClocks(of, aheadMs);
        await stepped.cluster.devices.connect(2, `within-tolerance-${aheadMs}`);
        const tunnel = await stepped.cluster.admin.tunnels.open({ deviceId: 'device-0', target: target.address });
        tunnel.end('across clocks');
        expect((await tunnel.toArray()).join('')).toBe('across clocks');
      }
      await stepped.expectUndisturbed();
    },
  );
});
