import type { common } from '@pushfleet/protocol';
import { limits, type node, operationBytes } from '@pushfleet/protocol';
import type { Moment } from '@pushfleet/runtime';

/** What commands have in common that were pushed together: one object for all of them. */
export interface SharedTerms {
  readonly operation: common.Operation;
  /** By the wall clock: for who asks. */
  readonly acceptedAtMs: number;
  readonly deliverWithinMs: number;
  readonly finishWithinMs: number;
  /** By the monotonic clock: for what is decided. */
  readonly deliverByMs: number;
  readonly finishByMs: number;
}

/** Of commands that are accepted now. */
export function acceptTerms(
  { operation, deliverWithinMs, finishWithinMs }: Pick<SharedTerms, 'operation' | 'deliverWithinMs' | 'finishWithinMs'>,
  { nowMs, wallMs: acceptedAtMs }: Moment,
): SharedTerms {
  const deadlines = { deliverByMs: nowMs + deliverWithinMs, finishByMs: nowMs + finishWithinMs };
  return { operation, acceptedAtMs, deliverWithinMs, finishWithinMs, ...deadlines };
}

/** What a channel carries. */
export interface Parcel {
  /** What it adds to a message, roughly. */
  readonly sizeBytes: number;
  /** Puts itself into the messages that go now. `false`: it is no longer to be sent. */
  pack(messages: Outgoing, nowMs: number): boolean;
}

/** The messages that one batch of parcels makes: one, unless chunks bring large payloads with them. */
export class Outgoing {
  readonly messages: node.ChannelRequestInit[] = [];
  #message: node.ChannelRequestInit | undefined;
  #chunks: Map<SharedTerms, node.PushTargetInit[]> | undefined;
  #chunkBytes = 0;

  push(command: node.PushCommandInit): void {
    const message = this.#open();
    if (message.pushes) message.pushes.push(command);
    else message.pushes = [command];
  }

  /** A command that differs from others with the same terms in its target alone. */
  target(target: node.PushTargetInit, terms: SharedTerms, nowMs: number): void {
    const targets = this.#chunks?.get(terms);
    if (targets) targets.push(target);
    else this.#openChunk(target, terms, nowMs);
  }

  /** Never overtakes the command: it was queued before, and within one message cancels come last. */
  cancel(order: node.CancelCommandInit): void {
    const message = this.#open();
    if (message.cancels) message.cancels.push(order);
    else message.cancels = [order];
  }

  /** As `cancel`. */
  discard(discard: node.DiscardUnsentInit): void {
    const message = this.#open();
    if (message.discards) message.discards.push(discard);
    else message.discards = [discard];
  }

  wakeup(wakeup: node.WakeupInit): void {
    const message = this.#open();
    if (message.wakeups) message.wakeups.push(wakeup);
    else message.wakeups = [wakeup];
  }

  voidTickets(order: node.VoidTicketsInit): void {
    const message = this.#open();
    if (message.voidTickets) message.voidTickets.push(order);
    else message.voidTickets = [order];
  }

  #open(): node.ChannelRequestInit {
    if (this.#message) return this.#message;
    this.#message = {};
    this.messages.push(this.#message);
    return this.#message;
  }

  #openChunk(target: node.PushTargetInit, terms: SharedTerms, nowMs: number): void {
    const bytes = operationBytes(terms.operation);
    if (this.#chunkBytes > 0 && this.#chunkBytes + bytes > limits.controlMessageBytes / 4) this.#cut();
    this.#chunkBytes += bytes;
    const targets = [target];
    this.#chunks ??= new Map();
    this.#chunks.set(terms, targets);
    const message = this.#open();
    message.chunks ??= [];
    message.chunks.push({
      operation: terms.operation,
      targets,
      deliverWithinMs: terms.deliverByMs - nowMs,
      finishWithinMs: terms.finishByMs - nowMs,
    });
  }

  #cut(): void {
    this.#message = undefined;
    this.#chunks = undefined;
    this.#chunkBytes = 0;
  }
}
