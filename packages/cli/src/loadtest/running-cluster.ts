import type { AdminClient } from '@pushfleet/admin-sdk';
import { balancerSettings } from '@pushfleet/balancer';
import {
  argumentsOf,
  childrenOf,
  isLoopback,
  isWorker,
  type KnownProcess,
  type LoadPlan,
  type LoadTarget,
  type PausedRole,
} from '@pushfleet/loadtest';
import type { admin } from '@pushfleet/protocol';
import { type Environment, readSettings } from '@pushfleet/runtime';
import { connectionSettings, openClient, readAuthority, readConnection } from '../connection/open-client.ts';
import { CommandFailure } from '../output/failure.ts';
import { checkBalancers } from './balancer-check.ts';
import { isRedisServer } from './load-redis.ts';
import type { LoadFlags } from './options.ts';

const settings = { ...connectionSettings, assignPort: balancerSettings.assignPort };

/**
 * The cluster that the environment, or else the state directory, points to. Nothing of it may be on another machine, unless
 * the operator has said so.
 * @throws CommandFailure
 */
export async function openRunningCluster(
  environment: Environment,
  flags: LoadFlags,
  { scenario, pausedRole }: Pick<LoadPlan, 'scenario' | 'pausedRole'>,
): Promise<LoadTarget> {
  const { adminAddress, assignPort } = readSettings(settings, environment);
  const hosts = adminAddress.map((address) => address.slice(0, address.lastIndexOf(':')));
  const balancers = flags.balancer ?? hosts.map((host) => `https://${host}:${assignPort}`);
  const client = openClient(environment);
  try {
    const nodes = await client.nodes.list();
    const addresses = [
      ...hosts,
      ...balancers.map((url) => new URL(url).hostname),
      ...nodes.map(({ address }) => address),
    ];
    const isLocal = addresses.every(isLoopback);
    if (!isLocal && !flags.allowRemote) {
      const remote = addresses.find((address) => !isLoopback(address));
      throw new CommandFailure(
        `the cluster is on another machine (${remote}), and would bear the load: --allow-remote permits it`,
      );
    }
    const ca = readAuthority(readSettings(connectionSettings, environment)).toString();
    const victim = named(flags.victimPid, nodes, scenario === 'pause' ? pausedRole : 'supervisor');
    const parentGroup = flags.group === undefined ? await servedGroup(client, nodes) : await known(client, flags.group);
    await checkBalancers(balancers, ca);
    return {
      admin: client,
      connection: readConnection(environment),
      ...{ balancers, ca },
      parentGroup,
      isLocal,
      ...victim,
      othersGroup: undefined,
      isDisposable: false,
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The group that most push servers that are ready serve. */
async function servedGroup(client: AdminClient, nodes: readonly admin.Node[]): Promise<string> {
  const ready = new Set(nodes.filter(({ status }) => status === 'NODE_STATUS_READY').map(({ nodeId }) => nodeId));
  if (ready.size === 0) throw new CommandFailure('no push server is ready: `pushfleet nodes` says why');
  const counts = new Map<string, number>();
  for (const { distributionPointId, groups } of await client.distributionPoints.list()) {
    if (!ready.has(distributionPointId)) continue;
    for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? '';
}

/** A group that the operator has named: one that is not there would be made, and stay. @throws CommandFailure */
async function known(client: AdminClient, group: string): Promise<string> {
  if ((await client.groups.list()).some(({ path }) => path === group)) return group;
  throw new CommandFailure(`--group ${group}: there is no such group; \`pushfleet groups list\` shows those that are`);
}

/** The process that the operator has named, and how it is killed. @throws CommandFailure if it is not what it should be */
function named(pid: number | undefined, nodes: readonly admin.Node[], role: PausedRole) {
  if (pid === undefined) {
    return { processes: () => [], killPushServer: undefined, victim: undefined, victimPid: undefined };
  }
  if (!isOfRole[role](pid, nodes)) {
    throw new CommandFailure(`--victim-pid ${pid}: ${inWords[role]} is this process on this machine`);
  }
  // Workers are found by themselves.
  const processes: KnownProcess[] = role === 'worker' ? [] : [{ role, name: nameOf(pid, nodes, role), pid }];
  return {
    processes: () => processes,
    killPushServer: async () => killFamily(pid),
    victim: nodeOfSupervisor(pid, nodes)?.nodeId,
    victimPid: pid,
  };
}

function nameOf(pid: number, nodes: readonly admin.Node[], role: PausedRole): string {
  return role === 'supervisor' ? (nodeOfSupervisor(pid, nodes)?.nodeId ?? 'victim') : role;
}

const isOfRole: Readonly<Record<PausedRole, (pid: number, nodes: readonly admin.Node[]) => boolean>> = {
  worker: (pid, nodes) => isWorker(pid) && nodes.some(({ workers }) => workers.some((worker) => worker.pid === pid)),
  supervisor: (pid, nodes) => nodeOfSupervisor(pid, nodes) !== undefined,
  balancer: (pid) => /\bpushfleet(\.js)?\0balancer\b/.test(argumentsOf(pid).join('\0')),
  registry: isRedisServer,
};

const inWords: Readonly<Record<PausedRole, string>> = {
  worker: 'no worker of the cluster',
  supervisor: 'no push server of the cluster',
  balancer: 'no balancer',
  registry: 'no Redis server',
};

/** The push server whose workers this process has started. */
function nodeOfSupervisor(pid: number, nodes: readonly admin.Node[]): admin.Node | undefined {
  const children = childrenOf(pid);
  return nodes.find(({ workers }) => workers.some((worker) => children.includes(worker.pid)));
}

/** A push server and its workers, the workers first: none of them is to notice. */
function killFamily(pid: number): void {
  for (const one of [...childrenOf(pid), pid]) {
    try {
      process.kill(one, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
