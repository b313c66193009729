import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Device, DistributionPoint, Registry, SessionRef, WorkerRef } from '@pushfleet/registry';

/** Asks a worker to redirect devices; see RedirectSender. */
export interface Redirector {
  send(worker: WorkerRef, request: { deviceIds: DeviceId[]; ratePerSecond: number }): unknown;
}

/** The rate of each worker. The devices all ask a balancer, and have a TLS handshake with another push server before them. */
const devicesPerSecond = 50;
const pageSize = 500;

/**
 * Sends devices that have another group now to ask where they belong, if their push server does not serve that group.
 * A ticket names the group that the device was in, so that the push server itself does not see it. A worker that cannot
 * be told keeps them until they connect anew.
 */
export class Rehoming {
  readonly #registry: Pick<Registry, 'fleet' | 'sessions'>;
  readonly #redirector: Redirector;

  constructor(registry: Pick<Registry, 'fleet' | 'sessions'>, redirector: Redirector) {
    this.#registry = registry;
    this.#redirector = redirector;
  }

  /** Devices with the groups that they are in now. */
  async of(devices: readonly Pick<Device, 'id' | 'group'>[]): Promise<void> {
    const sessions = await this.#registry.sessions.findMany(devices.map(({ id }) => id));
    if (sessions.size === 0) return;
    const points = new Map((await this.#registry.fleet.listDistributionPoints()).map((point) => [point.id, point]));
    const strays = devices.flatMap(({ id, group }) => {
      const session = sessions.get(id);
      return session && !serves(points.get(session.nodeId), group) ? [{ id, session }] : [];
    });
    for (const workers of Map.groupBy(strays, ({ session }) => session.bootId).values()) this.#send(workers);
  }

  /** All devices of a group that was moved. */
  async ofGroup(group: GroupPath): Promise<void> {
    let page: Device[];
    let after: DeviceId | undefined;
    do {
      const query = { group, includeSubgroups: true, limit: pageSize, ...(after && { after }) };
      page = await this.#registry.fleet.listDevices(query);
      await this.of(page);
      after = page.at(-1)?.id;
    } while (page.length === pageSize);
  }

  #send(strays: { id: DeviceId; session: SessionRef }[]): void {
    const [first] = strays;
    if (!first) return;
    this.#redirector.send(first.session, { deviceIds: strays.map(({ id }) => id), ratePerSecond: devicesPerSecond });
  }
}

/** A distribution point that is not known says nothing: the registry may have lost it. Its push server goes on. */
function serves(point: DistributionPoint | undefined, group: GroupPath): boolean {
  return point === undefined || groupLineage(group).some((path) => point.groups.includes(path));
}
