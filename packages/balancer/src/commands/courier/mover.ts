import { randomUUID } from 'node:crypto';
import type { DeviceId, device, node } from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';

/** What the mover must know of a channel to a worker. */
export interface MovingChannel {
  /** `false`: the worker cannot be reached; nothing was sent. */
  move(order: node.RedirectRequestInit): boolean;
}

/** So many devices that the worker chooses, or those that are named; these ask a balancer if there is no target. */
export interface MoveRequest {
  target?: device.Server;
  devices?: number;
  deviceIds?: DeviceId[];
  ratePerSecond: number;
}

/** How an order goes: how many devices have been told so far, and whether that is all. */
export interface MoveProgress {
  told: number;
  done: boolean;
}

interface Order {
  channel: MovingChannel;
  progress: MoveProgress;
}

/** Gives workers orders to send some of their devices elsewhere, and keeps what they report. */
export class Mover {
  readonly #channelOf: (worker: WorkerRef) => MovingChannel | undefined;
  readonly #orders = new Map<string, Order>();

  constructor(channelOf: (worker: WorkerRef) => MovingChannel | undefined) {
    this.#channelOf = channelOf;
  }

  /** The progress is updated as reports come. `undefined`: the worker cannot be reached. */
  order(worker: WorkerRef, request: MoveRequest): Readonly<MoveProgress> | undefined {
    const channel = this.#channelOf(worker);
    const { devices: deviceCount = 0, ...named } = request;
    const redirectId = randomUUID();
    if (!channel?.move({ redirectId, deviceCount, ...named })) return undefined;
    const progress = { told: 0, done: false };
    this.#orders.set(redirectId, { channel, progress });
    return progress;
  }

  onMoveReport(channel: MovingChannel, { redirectId, redirected, done }: node.RedirectProgress): void {
    const order = this.#orders.get(redirectId);
    if (order?.channel !== channel) return;
    order.progress.told = Math.max(order.progress.told, redirected);
    if (done) this.#end(redirectId, order);
  }

  /** The worker may go on with what it was told; nobody will hear of it. */
  onLost(channel: MovingChannel): void {
    for (const [redirectId, order] of this.#orders) if (order.channel === channel) this.#end(redirectId, order);
  }

  #end(redirectId: string, { progress }: Order): void {
    progress.done = true;
    this.#orders.delete(redirectId);
  }
}
