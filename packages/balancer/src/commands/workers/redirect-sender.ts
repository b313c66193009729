import { randomUUID } from 'node:crypto';
import type { DeviceId, device, node } from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';

/** The part of a channel to a worker that redirects need. */
export interface RedirectChannel {
  /** `false`: the worker cannot be reached; nothing was sent. */
  redirect(request: node.RedirectRequestInit): boolean;
}

/** So many devices that the worker chooses, or those that are named; these ask a balancer if there is no target. */
export interface RedirectRequest {
  target?: device.Server;
  devices?: number;
  deviceIds?: DeviceId[];
  ratePerSecond: number;
}

/** How many devices have been redirected so far, and whether that is all. */
export interface RedirectProgress {
  redirected: number;
  done: boolean;
}

interface Sent {
  channel: RedirectChannel;
  progress: RedirectProgress;
}

/** Asks workers to send some of their devices to another push server, and keeps what they report of it. */
export class RedirectSender {
  readonly #channelOf: (worker: WorkerRef) => RedirectChannel | undefined;
  readonly #sent = new Map<string, Sent>();

  constructor(channelOf: (worker: WorkerRef) => RedirectChannel | undefined) {
    this.#channelOf = channelOf;
  }

  /** The progress is updated as the worker reports. `undefined`: it cannot be reached. */
  send(
    worker: WorkerRef,
    { devices: deviceCount = 0, ...named }: RedirectRequest,
  ): Readonly<RedirectProgress> | undefined {
    const channel = this.#channelOf(worker);
    const redirectId = randomUUID();
    if (!channel?.redirect({ redirectId, deviceCount, ...named })) return undefined;
    const progress = { redirected: 0, done: false };
    this.#sent.set(redirectId, { channel, progress });
    return progress;
  }

  onProgress(channel: RedirectChannel, { redirectId, redirected, done }: node.RedirectProgress): void {
    const sent = this.#sent.get(redirectId);
    if (sent?.channel !== channel) return;
    sent.progress.redirected = Math.max(sent.progress.redirected, redirected);
    if (done) this.#end(redirectId, sent);
  }

  /** The worker may go on with what it was asked for; nobody will hear of it. */
  onLost(channel: RedirectChannel): void {
    for (const [redirectId, sent] of this.#sent) if (sent.channel === channel) this.#end(redirectId, sent);
  }

  #end(redirectId: string, { progress }: Sent): void {
    progress.done = true;
    this.#sent.delete(redirectId);
  }
}
