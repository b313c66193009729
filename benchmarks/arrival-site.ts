import type { TestCluster } from '@pushfleet/test/cluster';
import { importClusters } from './base-tree.ts';
import { LeanFleet, type LeanFleetOptions, type LinkKind } from './lean-fleet.ts';
import { type CpuTimes, cpuTimes } from './machine.ts';
import { redisInfo } from './redis-info.ts';

export interface ArrivalSiteOptions {
  link: LinkKind;
  devices: number;
  /** Devices that leave each second, and come back. */
  rate: number;
  registry: 'embedded' | 'redis';
  assignConnections: NonNullable<LeanFleetOptions['assignConnections']>;
}

/** Whether a device resumes its TLS sessions, and whether it asks for an assignment before it comes back. */
export interface ReturnKind {
  resumes: boolean;
  asks: boolean;
}

/** CPU of each kind of process, in milliseconds: in all, or for each return. */
export type CpuMs = Record<string, { userMs: number; systemMs: number }>;

interface Returns {
  returns: number;
  /** Those that resumed their TLS sessions with the push server. */
  resumed: number;
  /** For each return. */
  cpuMs: CpuMs;
}

const connectPerSecond = 100;

/** A cluster of one push server with one worker, of any source tree, and two fleets of devices that leave and come back. */
export class ArrivalSite implements AsyncDisposable {
  readonly #options: ArrivalSiteOptions;
  readonly #stack: AsyncDisposableStack;
  readonly #cluster: TestCluster;
  readonly #fleets: ReadonlyMap<boolean, LeanFleet>;
  /** CPU while nobody came, and for how long that was. */
  #idle: CpuMs = {};
  #idleMs = 0;

  private constructor(
    options: ArrivalSiteOptions,
    stack: AsyncDisposableStack,
    cluster: TestCluster,
    fleets: ReadonlyMap<boolean, LeanFleet>,
  ) {
    this.#options = options;
    this.#stack = stack;
    this.#cluster = cluster;
    this.#fleets = fleets;
  }

  /** @param root The source tree whose processes are to run. */
  static async create(root: string, options: ArrivalSiteOptions): Promise<ArrivalSite> {
    const { link, devices, registry, assignConnections } = options;
    const { TestCluster } = await importClusters(root);
    await using stack = new AsyncDisposableStack();
    const cluster = stack.use(
      await TestCluster.create({
        ...{ registry, maxConnections: 2 * devices + 1_000, ownRedis: registry === 'redis' },
        environment: { PUSHFLEET_MAX_WORKERS: '1' },
      }),
    );
    const fleets = new Map<boolean, LeanFleet>();
    for (const resumption of [false, true]) {
      const idPrefix = resumption ? 'resuming' : 'full';
      const fleet = { idPrefix, devices, link, resumption, assignConnections, perSecond: connectPerSecond };
      fleets.set(resumption, stack.use(await LeanFleet.connect(cluster, fleet)));
    }
    return new ArrivalSite(options, stack.move(), cluster, fleets);
  }

  /** Waits while nobody comes: what the processes use then is left out of what a return costs. To be called between measurements. */
  async measureIdle(seconds: number): Promise<void> {
    const before = await this.#readCpu();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    this.#idle = plus(perUnit(before, await this.#readCpu(), 1), this.#idle, 1);
    this.#idleMs += seconds * 1_000;
  }

  /** Begins anew, e.g. after the processes have warmed up. */
  forgetIdle(): void {
    this.#idle = {};
    this.#idleMs = 0;
  }

  async measure({ resumes, asks }: ReturnKind, seconds: number): Promise<Returns> {
    const { rate, devices } = this.#options;
    const fleet = this.#fleets.get(resumes) as LeanFleet;
    const [cpu, counts, beganAtMs] = [await this.#readCpu(), fleet.counts, performance.now()];
    await fleet.churn(rate / devices, seconds * 1_000, asks);
    const [cpuAfter, after, tookMs] = [await this.#readCpu(), fleet.counts, performance.now() - beganAtMs];
    const [returns, resumed] = [after.connected - counts.connected, after.resumed - counts.resumed];
    return { returns, resumed, cpuMs: perUnit(plus(cpu, this.#idle, tookMs / this.#idleMs), cpuAfter, returns) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  /** CPU so far. */
  async #readCpu(): Promise<CpuMs> {
    const cluster = this.#cluster;
    const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
    return {
      worker: sumOf(workers),
      balancer: sumOf(cluster.balancers.map(({ pid }) => pid)),
      supervisor: sumOf(cluster.pushServers.map(({ pid }) => pid)),
      ...(this.#options.registry === 'redis' ? { redis: await this.#readRedis() } : {}),
    };
  }

  async #readRedis(): Promise<CpuMs[string]> {
    const read = async (figure: string) => (await redisInfo(this.#cluster.redis.url, 'cpu', figure)) * 1_000;
    return { userMs: await read('used_cpu_user'), systemMs: await read('used_cpu_sys') };
  }
}

function sumOf(pids: readonly number[]): CpuTimes {
  return pids.map(cpuTimes).reduce((sum, { userMs, systemMs }) => ({
    userMs: sum.userMs + userMs,
    systemMs: sum.systemMs + systemMs,
  }));
}

function perUnit(before: CpuMs, after: CpuMs, units: number): CpuMs {
  return Object.fromEntries(
    Object.entries(after).map(([process, { userMs, systemMs }]) => {
      const was = before[process] ?? { userMs: 0, systemMs: 0 };
      return [process, { userMs: (userMs - was.userMs) / units, systemMs: (systemMs - was.systemMs) / units }];
    }),
  );
}

function plus(cpu: CpuMs, each: CpuMs, units: number): CpuMs {
  return Object.fromEntries(
    Object.entries(cpu).map(([process, { userMs, systemMs }]) => {
      const more = each[process] ?? { userMs: 0, systemMs: 0 };
      return [process, { userMs: userMs + more.userMs * units, systemMs: systemMs + more.systemMs * units }];
    }),
  );
}
