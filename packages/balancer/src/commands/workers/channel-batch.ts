import { type common, limits, type node, operationBytes } from '@pushfleet/protocol';

/** Something that a channel carries to a worker. */
export interface OutboundItem {
  /** Bytes that it adds to a message, roughly. */
  readonly sizeBytes: number;
  /** Adds itself to the messages that are written now. `false`: it is not to be sent any more. */
  addTo(batch: ChannelBatch, nowMs: number): boolean;
  /** It has been written to the worker's stream. */
  onWritten?(): void;
  /** It was not written and never will be: the worker cannot be reached, or its channel has no room. */
  onDropped?(): void;
}

/** The terms of commands that differ in their targets alone: one object for all of them. Deadlines are monotonic. */
export interface ChunkTerms {
  readonly operation: common.Operation;
  readonly deliverByMs: number;
  readonly finishByMs: number;
}

/** The messages that one batch of items makes: one, unless chunks bring large payloads with them. */
export class ChannelBatch {
  readonly messages: node.ChannelRequestInit[] = [];
  #message: node.ChannelRequestInit | undefined;
  #chunks: Map<ChunkTerms, node.PushTargetInit[]> | undefined;
  #chunkBytes = 0;

  push(command: node.PushCommandInit): void {
    const message = this.#open();
    if (message.pushes) message.pushes.push(command);
    else message.pushes = [command];
  }

  /** A command that differs from others with the same terms in its target alone. */
  pushTarget(target: node.PushTargetInit, terms: ChunkTerms, nowMs: number): void {
    const targets = this.#chunks?.get(terms);
    if (targets) targets.push(target);
    else this.#openChunk(target, terms, nowMs);
  }

  /** Never overtakes the command: it was queued before, and workers read the cancels of a message last. */
  cancel(cancel: node.CancelCommandInit): void {
    const message = this.#open();
    message.cancels ??= [];
    message.cancels.push(cancel);
  }

  /** Never overtakes the command, like `cancel`. */
  discard(discard: node.DiscardUnsentInit): void {
    const message = this.#open();
    message.discards ??= [];
    message.discards.push(discard);
  }

  wakeup(wakeup: node.WakeupInit): void {
    const message = this.#open();
    message.wakeups ??= [];
    message.wakeups.push(wakeup);
  }

  voidTickets(tickets: node.VoidTicketsInit): void {
    const message = this.#open();
    message.voidTickets ??= [];
    message.voidTickets.push(tickets);
  }

  checkSession(check: node.SessionCheckInit): void {
    const message = this.#open();
    message.sessionChecks ??= [];
    message.sessionChecks.push(check);
  }

  #open(): node.ChannelRequestInit {
    if (this.#message) return this.#message;
    this.#message = {};
    this.messages.push(this.#message);
    return this.#message;
  }

  #openChunk(target: node.PushTargetInit, terms: ChunkTerms, nowMs: number): void {
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

const smallItemBytes = 256;

/** Tells a worker that a command is to be cancelled. */
export function cancelItem(cancel: node.CancelCommandInit): OutboundItem {
  return smallItem((batch) => batch.cancel(cancel));
}

/** Tells a worker to drop a command that it has not sent yet, because nobody waits for it any more. */
export function discardItem(discard: node.DiscardUnsentInit): OutboundItem {
  return smallItem((batch) => batch.discard(discard));
}

/** Makes a worker read the queue of a device in the registry. */
export function wakeupItem(wakeup: node.WakeupInit): OutboundItem {
  return smallItem((batch) => batch.wakeup(wakeup));
}

/** Tells a worker that tickets of a device are void. */
export function voidTicketsItem(tickets: node.VoidTicketsInit): OutboundItem {
  return smallItem((batch) => batch.voidTickets(tickets));
}

/** Makes a worker ask the registry whether the session that it holds for a device is open. */
export function sessionCheckItem(check: node.SessionCheckInit): OutboundItem {
  return smallItem((batch) => batch.checkSession(check));
}

function smallItem(add: (batch: ChannelBatch) => void): OutboundItem {
  return {
    sizeBytes: smallItemBytes,
    addTo: (batch) => {
      add(batch);
      return true;
    },
  };
}
