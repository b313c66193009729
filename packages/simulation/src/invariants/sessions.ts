import type { DeviceId } from '@pushfleet/protocol';
import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

const everyMs = 5_000;
/** Within this time whatever was wrong must have been found and mended, where nothing is in the way. */
const mendedMs = 60_000;
/** Within this time the old link of a device that has a newer one is ended, and that of one that was deleted. */
const endedMs = 20_000;
/** The same for a link that became half-open before the device took commands over it: a worker waits a minute for that. */
const unattachedEndedMs = 80_000;

/**
 * Holds all the time where nothing was done to the cluster for a while: a device has one link, which is ended when the device is
 * deleted, and the registry has a session for it, and for no other one.
 */
export class SessionRules {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** Since when each of the things is so that must not last. */
  readonly #since = new Map<string, number>();

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.world.after(everyMs, () => this.#look());
  }

  async #look(): Promise<void> {
    const { world, managedDevices, pushServers, registry } = this.#cluster;
    const links = pushServers.flatMap((pushServer) => pushServer.links);
    const ids = managedDevices.map(({ id }) => id as DeviceId);
    const sessions = await registry.ask((all) => all.sessions.findMany(ids));
    for (const { id, hostNames, isWanted } of managedDevices) {
      const workers = links.filter(({ host }) => hostNames.includes(host)).map(({ worker }) => worker);
      const count = workers.length;
      const session = sessions.get(id as DeviceId);
      const mayBeUnattached = this.#mayBeUnattached(hostNames);
      const linkEndedMs = mayBeUnattached ? unattachedEndedMs : endedMs;
      this.#expect('two links of one device', id, count < 2, linkEndedMs, `on ${workers.join(' and ')}`);
      this.#expect('a deleted device is connected', id, isWanted || count === 0, endedMs);
      this.#expect('a link without a session', id, !isWanted || count !== 1 || session !== undefined, mendedMs);
      const isMisplaced = count === 1 && session && !workers[0]?.startsWith(`${session.nodeId}/`);
      const detail = `the link is on ${workers[0]}, the session on ${session?.nodeId}`;
      const ownMs = mayBeUnattached ? mendedMs + unattachedEndedMs : mendedMs;
      this.#expect('a session on another push server', id, !isMisplaced, ownMs, detail);
      this.#expect('a session of nobody', id, count > 0 || !session, mendedMs, `on ${session?.nodeId}`);
    }
    world.after(everyMs, () => this.#look());
  }

  #mayBeUnattached(hostNames: readonly string[]): boolean {
    const { nowMs } = this.#cluster.world;
    return hostNames.some((name) => this.#disturbances.touched(name, nowMs - unattachedEndedMs, nowMs, ['link']));
  }

  /** Finds something that is not as it should be for so long, while nobody disturbed the cluster. */
  #expect(rule: string, device: string, isSo: boolean, withinMs: number, detail = ''): void {
    const key = `${rule} ${device}`;
    if (isSo) return void this.#since.delete(key);
    const { world } = this.#cluster;
    const sinceMs = this.#since.get(key) ?? world.nowMs;
    this.#since.set(key, sinceMs);
    if (world.nowMs < sinceMs + withinMs || !this.#isUndisturbed(world.nowMs - withinMs)) return;
    world.find(rule, `${detail} for ${Math.round((world.nowMs - sinceMs) / 1_000)} s`.trim(), { device });
  }

  #isUndisturbed(fromMs: number): boolean {
    const { world, balancers, pushServers, registry } = this.#cluster;
    const hosts = [...balancers, ...pushServers, registry.process].map(({ host }) => host.name);
    return !hosts.some((host) => this.#disturbances.touched(host, fromMs, world.nowMs));
  }
}
