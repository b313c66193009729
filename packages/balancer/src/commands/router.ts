import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { SessionRef, Sessions, WorkerRef } from '@pushfleet/registry';
import { TurnBatch } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import { overloaded } from '../errors.ts';

const maxRoutes = 100_000;

/** The part of a channel to a worker that the router needs. */
export interface RoutableChannel {
  readonly worker: WorkerRef;
  /** The worker can be reached, or it is not known yet that it cannot. */
  readonly accepts: boolean;
  /** The worker is gone for good. */
  readonly closed: boolean;
}

/** The way of a device's commands. */
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
  /** The channel to a worker, which may have just started. */
  findChannel(worker: WorkerRef): Promise<Channel | undefined>;
}

/**
 * Finds the worker that holds a device's link, in a bounded cache, else in the registry. A cached route that is out of date
 * does no harm, since the worker compares epochs.
 */
export class Router<Channel extends RoutableChannel> {
  readonly #options: RouterOptions<Channel>;
  readonly #routes = new LRUCache<DeviceId, Route<Channel>>({ max: maxRoutes });

  constructor(options: RouterOptions<Channel>) {
    this.#options = options;
  }

  cached(device: DeviceId): Route<Channel> | undefined {
    // `get` moves the route to the end of a list: with the neighbours that it takes from cold memory that was 4 to 5 % of a balancer's CPU
    // at full rate. The order matters where routes are dropped, and for a while before.
    const isOrdered = this.#routes.size > maxRoutes / 2;
    const route = isOrdered ? this.#routes.get(device) : this.#routes.peek(device);
    if (!route) return undefined;
    if (route.channel.closed || !route.channel.accepts) {
      this.#routes.delete(device);
      return undefined;
    }
    return route;
  }

  /** Drops the route, unless a newer one has taken its place. */
  forget(device: DeviceId, route: Route<Channel>): void {
    if (this.#routes.peek(device)?.epoch === route.epoch) this.#routes.delete(device);
  }

  /**
   * Reads the registry. `failed` is a route that has just turned out wrong and is not found again.
   * @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async find(device: DeviceId, failed?: Route<Channel>): Promise<Found<Channel>> {
    const session = await this.#options.findSession(device);
    const channel = session && (await this.#options.findChannel(session));
    if (!channel) return { kind: 'absent' };
    if (!channel.accepts) return { kind: 'unreachable', nodeId: session.nodeId };
    if (failed?.channel === channel && failed.epoch === session.epoch) return { kind: 'absent' };
    const route = { channel, epoch: session.epoch };
    this.#routes.set(device, route);
    return { kind: 'route', route };
  }
}

/** More than one balancer has commands in flight. */
const maxQuestions = 200_000;
const batchDevices = 500;

interface Question {
  device: DeviceId;
  resolve(session: SessionRef | undefined): void;
  reject(error: unknown): void;
}

/** Looks sessions up in batches: those that are asked for in one turn of the event loop are read together. */
export class SessionLookup {
  readonly #sessions: Pick<Sessions, 'findMany'>;
  readonly #questions = new TurnBatch<Question>({
    ...{ capacity: maxQuestions, batchItems: batchDevices },
    write: (questions) => {
      void this.#read(questions);
      return true;
    },
  });

  constructor(sessions: Pick<Sessions, 'findMany'>) {
    this.#sessions = sessions;
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE, OVERLOADED */
  find(device: DeviceId): Promise<SessionRef | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.#questions.add({ device, resolve, reject })) reject(overloaded('too many devices are being looked up'));
    });
  }

  async #read(questions: Question[]): Promise<void> {
    try {
      const found = await this.#sessions.findMany([...new Set(questions.map(({ device }) => device))]);
      for (const { device, resolve } of questions) resolve(found.get(device));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
