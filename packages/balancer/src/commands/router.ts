import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { SessionRef, WorkerRef } from '@pushfleet/registry';

const capacity = 100_000;
/** Below this nothing is about to be dropped, and the order does not matter. */
const crowded = capacity / 2;

/** What the router must know of a channel to a worker. */
export interface RoutableChannel {
  readonly worker: WorkerRef;
  /** The worker can be reached, or it is not known yet that it cannot. */
  readonly accepts: boolean;
  /** The worker is gone for good. */
  readonly closed: boolean;
}

/** Where a device's commands go. */
export interface Route<Channel> {
  channel: Channel;
  epoch: Epoch;
}

export type Found<Channel> =
  | { kind: 'route'; route: Route<Channel> }
  /** The device has no live link. */
  | { kind: 'absent' }
  /** It has, on a worker that does not answer this balancer. */
  | { kind: 'unreachable'; nodeId: string };

export interface RouterOptions<Channel> {
  /** The device's session, as the registry has it now. */
  findSession(device: DeviceId): Promise<SessionRef | undefined>;
  channelOf(worker: WorkerRef): Channel | undefined;
  /** Looks for workers that have just started. */
  refreshDirectory(): Promise<unknown>;
}

/**
 * Which worker holds a device's link: from a bounded cache, else from the registry. A cached route that is out of date
 * does no harm, since the worker compares epochs.
 */
export class Router<Channel extends RoutableChannel> {
  readonly #options: RouterOptions<Channel>;
  /** Least recently used first. */
  readonly #routes = new Map<DeviceId, Route<Channel>>();

  constructor(options: RouterOptions<Channel>) {
    this.#options = options;
  }

  cached(device: DeviceId): Route<Channel> | undefined {
    const route = this.#routes.get(device);
    if (!route) return undefined;
    if (route.channel.closed || !route.channel.accepts) {
      this.#routes.delete(device);
      return undefined;
    }
    if (this.#routes.size >= crowded) this.#touch(device, route);
    return route;
  }

  /** Drops the route, unless a newer one has taken its place. */
  forget(device: DeviceId, route: Route<Channel>): void {
    if (this.#routes.get(device)?.epoch === route.epoch) this.#routes.delete(device);
  }

  /**
   * Reads the registry. `failed` is a route that has just turned out wrong and is not found again.
   * @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async find(device: DeviceId, failed?: Route<Channel>): Promise<Found<Channel>> {
    const session = await this.#options.findSession(device);
    const channel = session && (await this.#channelOf(session));
    if (!channel) return { kind: 'absent' };
    if (!channel.accepts) return { kind: 'unreachable', nodeId: session.nodeId };
    if (failed?.channel === channel && failed.epoch === session.epoch) return { kind: 'absent' };
    const route = { channel, epoch: session.epoch };
    this.#remember(device, route);
    return { kind: 'route', route };
  }

  async #channelOf(worker: WorkerRef): Promise<Channel | undefined> {
    const known = this.#options.channelOf(worker);
    if (known) return known;
    await this.#options.refreshDirectory();
    return this.#options.channelOf(worker);
  }

  #touch(device: DeviceId, route: Route<Channel>): void {
    this.#routes.delete(device);
    this.#routes.set(device, route);
  }

  #remember(device: DeviceId, route: Route<Channel>): void {
    this.#touch(device, route);
    if (this.#routes.size <= capacity) return;
    const [oldest] = this.#routes.keys();
    if (oldest !== undefined) this.#routes.delete(oldest);
  }
}
