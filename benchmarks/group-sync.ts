// CPU of each kind of process for one device of a group that is synchronized, half MQTT 5 and half gRPC, over TLS, with the lean devices of the
// load tool. `--base` measures another commit as well, in the same turns.
//   npm run group-sync -w benchmarks -- [--base <ref>] [--devices 4000] [--rounds 5] [--syncs 5]
import { join } from 'node:path';
import { type TestCluster, testGroup } from '@pushfleet/test/cluster';
import { comparedTrees, importClusters } from './base-tree.ts';
import type { LeanFleet } from './lean-fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { readOptions, text, whole } from './options.ts';
import { quantile } from './quantiles.ts';
import { redisInfo } from './redis-info.ts';

const values = readOptions('group-sync', {
  base: text(),
  devices: whole(4000, 1, 1_000_000),
  rounds: whole(5, 1, 1_000),
  syncs: whole(5, 1, 1_000),
});
const { devices, rounds, syncs } = values;
const kinds = ['mqtt5', 'grpc'] as const;
const warmUps = 3;

type Cpu = Record<string, number>;

/** A cluster of one push server with one worker, and its devices, all of one source tree. */
class Site implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #cluster: TestCluster;
  readonly #fleets: LeanFleet[];
  readonly #workers: number[];
  /** µs for each device, by kind of process; one for each round. */
  readonly rounds: Cpu[] = [];

  private constructor(stack: AsyncDisposableStack, cluster: TestCluster, fleets: LeanFleet[], workers: number[]) {
    this.#stack = stack;
    this.#cluster = cluster;
    this.#fleets = fleets;
    this.#workers = workers;
  }

  static async create(root: string): Promise<Site> {
    const { TestCluster } = await importClusters(root);
    const { LeanFleet } = (await import(join(root, 'benchmarks/lean-fleet.ts'))) as typeof import('./lean-fleet.ts');
    await using stack = new AsyncDisposableStack();
    const cluster = stack.use(
      await TestCluster.create({
        ...{ registry: 'redis', ownRedis: true, maxConnections: devices + 1_000 },
        environment: { PUSHFLEET_MAX_WORKERS: '1' },
      }),
    );
    const fleets: LeanFleet[] = [];
    for (const link of kinds) {
      const fleet = { idPrefix: link, devices: devices / kinds.length, link, perSecond: 500 } as const;
      fleets.push(stack.use(await LeanFleet.connect(cluster, { ...fleet, assignConnections: 'shared' })));
    }
    const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
    return new Site(stack.move(), cluster, fleets, workers);
  }

  async sync(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const { groupPushes } = this.#cluster.admin;
      const { groupPushId } = await groupPushes.start({ group: testGroup, operation: { forceSync: {} } });
      for await (const { endedAtMs } of groupPushes.watch(groupPushId)) if (endedAtMs > 0) break;
    }
  }

  async measure(): Promise<void> {
    const before = await this.#cpu();
    await this.sync(syncs);
    const after = await this.#cpu();
    const usPerDevice = (name: string) => (((after[name] ?? 0) - (before[name] ?? 0)) / devices / syncs) * 1e6;
    const cpu = Object.fromEntries(Object.keys(after).map((name) => [name, usPerDevice(name)]));
    this.rounds.push({ ...cpu, all: Object.values(cpu).reduce((sum, us) => sum + us) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  async #cpu(): Promise<Cpu> {
    const sum = (pids: readonly number[]) => pids.reduce((seconds, pid) => seconds + cpuSeconds(pid), 0);
    const redis = (figure: string) => redisInfo(this.#cluster.redis.url, 'cpu', figure);
    return {
      worker: sum(this.#workers),
      balancer: sum(this.#cluster.balancers.map(({ pid }) => pid)),
      redis: (await redis('used_cpu_user')) + (await redis('used_cpu_sys')),
      ...Object.fromEntries(kinds.map((kind, at) => [`${kind} devices`, sum(this.#fleets[at]?.pids ?? [])])),
    };
  }
}

await using stack = new AsyncDisposableStack();
const trees = comparedTrees(values.base, stack);
const sites = new Map<string, Site>();
for (const [name, root] of trees) {
  const site = stack.use(await Site.create(root));
  sites.set(name, site);
  await site.sync(warmUps);
}
for (let round = 0; round < rounds; round += 1) for (const site of sites.values()) await site.measure();
printHeader('group-sync');
console.log(
  `${devices} devices on one worker; CPU µs per device, medians of ${rounds} rounds of ${syncs} synchronizations`,
);
for (const [name, site] of sites) {
  const figures = Object.keys(site.rounds[0] ?? {}).map((kind) => {
    const us = site.rounds.map((cpu) => cpu[kind] as number);
    return `${kind} ${quantile(us, 0.5).toFixed(1)} (${Math.min(...us).toFixed(0)}–${Math.max(...us).toFixed(0)})`;
  });
  console.log(`${name}: ${figures.join(', ')}`);
}
