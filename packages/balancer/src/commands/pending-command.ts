import { randomUUID } from 'node:crypto';
import type { admin, node } from '@pushfleet/protocol';
import { type CommandState, type Deadlines, firstState, type Status } from './command.ts';
import type { Parcel, WorkerChannel } from './courier/worker-channel.ts';
import type { Timed } from './deadline-wheel.ts';
import type { Push } from './push.ts';
import type { Route } from './router.ts';

export type Channel = WorkerChannel<PendingCommand>;

/** Who waits for answers. Shared by all commands of one call. */
export interface Audience {
  gone: boolean;
}

/** What goes around a payload in a message, roughly. */
const envelopeBytes = 256;

/** One command under way, and the promise that its caller holds. */
export class PendingCommand implements Parcel, Timed {
  readonly id = randomUUID();
  readonly push: Push;
  readonly audience: Audience;
  readonly deadlines: Deadlines;
  readonly response: Promise<admin.PushResponseInit>;
  state: CommandState = firstState;
  route: Route<Channel> | undefined;
  answered = false;
  bucket = 0;
  readonly #resolve: (response: admin.PushResponseInit) => void;
  readonly #reject: (error: unknown) => void;

  constructor(push: Push, audience: Audience, nowMs: number) {
    this.push = push;
    this.audience = audience;
    this.deadlines = { deliverByMs: nowMs + push.deliverWithinMs, finishByMs: nowMs + push.finishWithinMs };
    const { promise, resolve, reject } = Promise.withResolvers<admin.PushResponseInit>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get sizeBytes(): number {
    return envelopeBytes + (this.push.operation.custom?.payload.length ?? 0);
  }

  /** Somebody still wants to hear of it. */
  get isAwaited(): boolean {
    return !this.answered && !this.audience.gone;
  }

  pack(nowMs: number): node.PushCommandInit | undefined {
    const deliverWithinMs = this.deadlines.deliverByMs - nowMs;
    if (this.state.kind !== 'queued' || !this.route || deliverWithinMs < 1) return undefined;
    return {
      commandId: this.id,
      deviceId: this.push.deviceId,
      epoch: this.route.epoch,
      operation: this.push.operation,
      deliverWithinMs,
      finishWithinMs: this.deadlines.finishByMs - nowMs,
    };
  }

  answer(status: Status): void {
    this.answered = true;
    const held = status.outcome === 'OUTCOME_NOT_CONNECTED' ? undefined : this.route;
    this.#resolve({
      commandId: this.id,
      deviceId: this.push.deviceId,
      status,
      nodeId: held?.channel.worker.nodeId ?? '',
    });
  }

  /** It was not accepted, and nothing was sent. */
  refuse(error: unknown): void {
    this.answered = true;
    this.#reject(error);
  }
}
