import type { common } from '@pushfleet/protocol';
import type { ClusterProcess } from '../cluster/cluster-process.ts';
import { eventually } from '../cluster/eventually.ts';
import { PushLoad, type PushRecord } from '../cluster/push-load.ts';
import { TestCluster } from '../cluster/test-cluster.ts';

export interface UpgradeOptions {
  /** The binaries of the version that the cluster begins with, and of the one that it ends with. */
  from: string;
  to: string;
  registry: 'embedded' | 'redis';
  devices: number;
  /** `mixed`: new push servers meet a balancer of before, too. */
  order: 'mixed' | 'balancers-first';
  say(line: string): void;
}

export interface UpgradeReport {
  outcomes: Partial<Record<common.Outcome, number>>;
  /** Pushes that ended with an error; each was repeated through the other balancer. */
  errors: number;
  /** Outcomes that say other than what devices saw. */
  lies: readonly PushRecord[];
  /** Durable commands of the version before that reached their devices, of as many. */
  durable: readonly [arrived: number, sent: number];
}

const [balancers, pushServers] = [2, 3];
const absent = 10;

/**
 * Replaces the processes of a cluster one by one, while devices of all link kinds are pushed to without a pause; after each of them
 * every device must be reachable through every balancer, whichever versions meet.
 * @throws Error: a process does not start or stop, or devices are not reachable again
 */
export async function upgradeCluster(options: UpgradeOptions): Promise<UpgradeReport> {
  const { from, to, registry, devices, order, say } = options;
  const environment = { PUSHFLEET_MAX_WORKERS: '1' };
  await using cluster = await TestCluster.create({ pushServers, balancers, registry, environment, program: from });
  const connected = await cluster.devices.connect(devices);
  const token = await cluster.token;
  const admins = [cluster.admin, cluster.adminOf(1, token)];
  const late = await queueForAbsent(cluster);
  const loads = admins.map(
    (admin) => new PushLoad([admin, ...admins.filter((other) => other !== admin)], connected, 200),
  );
  const allReachable = async () => {
    const begun = loads.map(({ records }) => records.length);
    await eventually(
      'every device is reachable through every balancer',
      () => loads.every((load, index) => load.succeededSince(begun[index] ?? 0).size === devices),
      90_000,
    );
  };
  await allReachable();
  cluster.program = to;
  const replace = async (what: string, former: ClusterProcess | undefined, start: () => Promise<ClusterProcess>) => {
    await former?.stop();
    const next = await start();
    try {
      await eventually('push servers are ready', () => cluster.nodesReady(pushServers), 60_000);
      await allReachable();
    } catch (cause) {
      throw new Error(`${what} was replaced: ${(cause as Error).message}\n${next.output.slice(-4_000)}`, { cause });
    }
    say(`${what} is of the other version; all ${devices} devices are reachable through both balancers`);
  };
  const balancer = (index: number) =>
    replace(`balancer ${index}`, cluster.balancers[index], async () => cluster.startBalancer(index));
  // A balancer first: it migrates the registry, which push servers wait for.
  await balancer(0);
  if (order === 'balancers-first') await balancer(1);
  for (let index = 0; index < pushServers; index += 1) {
    await replace(`push server dp-${index}`, cluster.pushServers[index], () => cluster.startPushServer(index));
    if (order === 'mixed' && index === 0) await balancer(1);
  }
  for (const load of loads) await load.stop();
  const arrived = await arrivalsOf(cluster, late);
  for (const admin of admins.slice(1)) admin.close();
  return {
    outcomes: sumOf(loads.map((load) => load.countByOutcome())),
    errors: loads.reduce((sum, load) => sum + load.errors, 0),
    lies: loads.flatMap((load) => load.lies()),
    durable: [arrived, absent],
  };
}

/** Durable commands that wait in the registry from before the upgrade until after it. */
async function queueForAbsent(cluster: TestCluster): Promise<string[]> {
  const ids = Array.from({ length: absent }, (_, index) => `absent-${index}`);
  for (const deviceId of ids) {
    await cluster.devices.register(deviceId);
    await cluster.admin.commands.push({
      ...{ deviceId, operation: { forceSync: {} }, ttlMs: 3_600_000, wait: 'WAIT_ACCEPTED' },
    });
  }
  return ids;
}

async function arrivalsOf(cluster: TestCluster, ids: readonly string[]): Promise<number> {
  const made = ids.map((id) => cluster.devices.create(id));
  for (const { device } of made) device.start();
  await eventually('the commands that waited arrive', () => made.every(({ seen }) => seen.length > 0));
  return made.filter(({ seen }) => seen.length === 1).length;
}

function sumOf(counts: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [key, value] of counts.flatMap(Object.entries<number>)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}
