import type { DeviceId } from '@pushfleet/protocol';
import type { Cluster } from '../actors/cluster.ts';
import type { PushServerHost } from '../actors/push-server.ts';
import type { Disturbances } from '../faults/disturbances.ts';

const everyMs = 1_000;
/** Within this time after its certificate was revoked nothing is left of a push server. */
const goneMs = 10_000;
/** Time for a push server that was enrolled anew to start, to be called ready, and to get devices, half of which come back meanwhile. */
const takesMs = 60_000;
/** Time for another balancer to lead, and for devices that wait to ask again. */
const afterwardsMs = 20_000;
/** Time for a process that wakes to read what was revoked, and to end. */
const wakesMs = 5_000;
/** Clocks that are set are no excuse. */
const excuses = [
  'crash',
  'pause',
  'long pause',
  'registry',
  'registry lost',
  'last writes lost',
  'partition',
  'settings',
];

/**
 * Ten seconds after its certificate was revoked a push server is not in the registry, so that its sessions are void, holds no links, and
 * its devices are elsewhere; also where its supervisor or all of it stands still. One that was enrolled anew takes devices.
 */
export class RevocationRules {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** The last enrolment of each push server that was judged. */
  readonly #judged = new Map<string, number>();

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.world.after(everyMs, () => this.#look());
  }

  async #look(): Promise<void> {
    const { world, pushServers } = this.#cluster;
    for (const pushServer of pushServers) {
      const { revokedAtMs, enrolledAtMs } = pushServer;
      if (revokedAtMs !== undefined && world.nowMs >= revokedAtMs + goneMs)
        await this.#checkGone(pushServer, revokedAtMs);
      if (enrolledAtMs > 0 && world.nowMs >= enrolledAtMs + takesMs) this.#checkTakesDevices(pushServer);
    }
    world.after(everyMs, () => this.#look());
  }

  async #checkGone(pushServer: PushServerHost, revokedAtMs: number): Promise<void> {
    const { registry, balancers } = this.#cluster;
    const { nodeId, host } = pushServer;
    const { name } = registry.process.host;
    // Nobody had read that it was revoked, and nobody says it again.
    if (this.#disturbances.touched(name, revokedAtMs, revokedAtMs + goneMs, ['registry lost', 'last writes lost']))
      return;
    if (this.#touched(name, afterwardsMs) || this.#touched(host.name, goneMs, ['partition'])) return;
    this.#checkLinks(pushServer);
    if (balancers.some((balancer) => this.#touched(balancer.host.name, afterwardsMs)) || this.#hasWoken(pushServer))
      return;
    await this.#checkRegistry(pushServer);
    this.#checkDevices(nodeId);
  }

  #checkLinks(pushServer: PushServerHost): void {
    const { links, nodeId } = pushServer;
    const held = links.filter(({ worker }) => !this.#touched(worker, goneMs));
    if (held.length === 0) return;
    const { host, worker } = held[0] as (typeof held)[number];
    this.#cluster.world.find('a revoked push server holds links', `${held.length}; that of ${host} by ${worker}`, {
      who: nodeId,
    });
  }

  async #checkRegistry({ nodeId, certificate }: PushServerHost): Promise<void> {
    const { world, registry, managedDevices } = this.#cluster;
    const ids = managedDevices.map(({ id }) => id as DeviceId);
    const [nodes, sessions] = await registry.ask(
      async (all) => [await all.nodes.list(), await all.sessions.findMany(ids)] as const,
    );
    const record = nodes.find((node) => node.nodeId === nodeId);
    if (record?.memberSerial === certificate.serialNumber)
      world.find('a revoked push server is there', `as ${record.status}`, { who: nodeId });
    const boots = new Set(nodes.flatMap(({ workers }) => workers.map(({ bootId }) => bootId)));
    // One whose worker is in no record is void, until its device comes back.
    for (const [device, session] of sessions)
      if (session.nodeId === nodeId && boots.has(session.bootId))
        world.find('a revoked push server has a session', `of ${device}`, { device, who: nodeId });
  }

  /** Devices are connected to it no more, if the others can take them. */
  #checkDevices(nodeId: string): void {
    const { world, devices, pushServers } = this.#cluster;
    const others = pushServers.filter((other) => other.nodeId !== nodeId);
    const canTake = others.every(({ host, revokedAtMs, enrolledAtMs }) => {
      return (
        revokedAtMs === undefined && world.nowMs > enrolledAtMs + takesMs && !this.#touched(host.name, afterwardsMs)
      );
    });
    if (!canTake) return;
    for (const { id, isWanted, status } of devices) {
      if (!isWanted || status.kind !== 'connected' || status.server.nodeId !== nodeId || this.#mayNotKnow(id)) continue;
      world.find('a device stays with a revoked push server', `${nodeId}`, { device: id, who: nodeId });
    }
  }

  /** Judged once for each enrolment. */
  #checkTakesDevices({ nodeId, revokedAtMs, enrolledAtMs, links }: PushServerHost): void {
    if (this.#judged.get(nodeId) === enrolledAtMs) return;
    this.#judged.set(nodeId, enrolledAtMs);
    const { world, balancers, pushServers, registry } = this.#cluster;
    const hosts = [...balancers, ...pushServers, registry.process].map(({ host }) => host.name);
    if (revokedAtMs !== undefined || links.length > 0 || hosts.some((host) => this.#touched(host, 2 * takesMs))) return;
    world.find('takes no devices though it was enrolled anew', `${takesMs / 1_000} s ago`, { who: nodeId });
  }

  /** Whatever of it stood still until now has not had the time to read the list, and to end. */
  #hasWoken({ nodeId, processes }: PushServerHost): boolean {
    const standsStill = processes.length > 0 && processes.every(({ isPaused }) => isPaused);
    return !standsStill && this.#touched(nodeId, wakesMs);
  }

  /** A device whose link is half-open finds out by its keep-alive. */
  #mayNotKnow(device: string): boolean {
    return this.#touched(device, afterwardsMs, [...excuses, 'link']);
  }

  #touched(host: string, forMs: number, kinds: readonly string[] = excuses): boolean {
    const { nowMs } = this.#cluster.world;
    return this.#disturbances.touched(host, nowMs - forMs, nowMs, kinds);
  }
}
