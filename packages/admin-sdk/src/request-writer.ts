import type { Writable } from 'node:stream';
import { type admin, limits, PushfleetError } from '@pushfleet/protocol';

/** Commands in one message, at most. */
const batchPushes = 128;

/** Size of one message, at most: a balancer takes no larger one, and ends the stream of whoever sends it. */
export const batchBytes = limits.frameBytes;

/** The source of the requests of a stream. One that is not asynchronous costs the least. */
export type Requests = AsyncIterable<admin.PushRequestInit> | Iterable<admin.PushRequestInit>;

type PushCall = Writable & { cancel(): void };

/**
 * Writes requests to a stream while fewer than `inFlight` of them wait for their answer and the stream takes them. All
 * that are taken in one turn of the event loop go in one message, up to the bounds of a batch. A source that is not
 * asynchronous costs no promise per request.
 */
export class RequestWriter {
  /** The error that the caller's iterable threw. */
  failure: { error: unknown } | undefined;
  /** Requests that no message has room for. They are not sent. */
  refused: admin.PushRequestInit[] = [];
  readonly #call: PushCall;
  readonly #inFlight: number;
  readonly #pending = new Map<number, admin.PushRequestInit>();
  #batch = new PushBatch();
  #scheduled: NodeJS.Immediate | undefined;
  #lastId = 0;
  #isBlocked = false;
  #isStopped = false;
  #wroteAll = false;
  #wake: (() => void) | undefined;

  constructor(call: PushCall, inFlight: number) {
    this.#call = call;
    this.#inFlight = inFlight;
    call.on('drain', () => {
      this.#isBlocked = false;
      this.#wakeIfOpen();
    });
  }

  start(requests: Requests): void {
    this.#write(requests).catch((error: unknown) => {
      if (this.#isStopped) return;
      this.failure = { error };
      this.#call.cancel();
    });
  }

  /** The request that an answer belongs to; it makes room for the next, as soon as `takenAll` is called. */
  take(correlationId: number): admin.PushRequestInit | undefined {
    const request = this.#pending.get(correlationId);
    if (request !== undefined) this.#pending.delete(correlationId);
    return request;
  }

  /** All answers of a message were taken: the source is asked for as many requests at once. */
  takenAll(): void {
    this.#wakeIfOpen();
  }

  unanswered(): admin.PushRequestInit[] {
    return [...this.#pending.values()];
  }

  /** @throws PushfleetError where the stream ended in good order, but too early. */
  assertAnswered(address: string): void {
    if (this.#wroteAll && this.#pending.size === 0) return;
    throw new PushfleetError('SHUTTING_DOWN', `the balancer at ${address} ended the stream early`);
  }

  stop(): void {
    this.#isStopped = true;
    clearImmediate(this.#scheduled);
    this.#wake?.();
  }

  async #write(requests: Requests): Promise<void> {
    if (Symbol.asyncIterator in requests) {
      for await (const push of requests) {
        if (!(this.#add(push) || (await this.#opened()))) return;
      }
    } else {
      for (const push of requests) {
        if (!(this.#add(push) || (await this.#opened()))) return;
      }
    }
    this.#flush();
    this.#wroteAll = true;
    this.#call.end();
  }

  /** `false`: the next one must wait. */
  #add(push: admin.PushRequestInit): boolean {
    if (this.#isStopped) return false;
    const bytes = pushBytes(push);
    if (bytes > batchBytes) {
      this.refused.push(push);
      return this.#isOpen();
    }
    this.#lastId += 1;
    this.#pending.set(this.#lastId, push);
    if (!this.#batch.add(this.#lastId, push, bytes)) {
      this.#flush();
      this.#batch.add(this.#lastId, push, bytes);
    }
    this.#scheduled ??= setImmediate(() => this.#flush());
    return this.#isOpen();
  }

  #flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#batch.pushes.length === 0 || this.#isStopped) return;
    const { pushes } = this.#batch;
    this.#batch = new PushBatch();
    this.#isBlocked = !this.#call.write({ pushes });
  }

  #isOpen(): boolean {
    return !this.#isBlocked && this.#pending.size < this.#inFlight;
  }

  #wakeIfOpen(): void {
    if (this.#isOpen()) this.#wake?.();
  }

  /** `false`: the stream failed or was given up, which its reader knows. */
  async #opened(): Promise<boolean> {
    while (!this.#isStopped && !this.#isOpen()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return !this.#isStopped;
  }
}

/** Commands that go in one message. */
class PushBatch {
  readonly pushes: admin.StreamedPushInit[] = [];
  #bytes = 0;

  /** `false`: there is no room, and it was not taken. */
  add(correlationId: number, push: admin.PushRequestInit, bytes: number): boolean {
    if (this.pushes.length >= batchPushes || this.#bytes + bytes > batchBytes) return false;
    this.pushes.push({ correlationId, push });
    this.#bytes += bytes;
    return true;
  }
}

/** Overhead of a command, and of each of its fields; more than it takes. */
const envelopeBytes = 64;
const fieldBytes = 8;
/** A request, its operation, its kind, a map, its values. */
const maxDepth = 6;

/** An upper bound of the bytes that the command takes in a message. A malformed one has a size, too: a balancer says what is wrong with it. */
function pushBytes(push: admin.PushRequestInit): number {
  return envelopeBytes + valueBytes(push, 0);
}

function valueBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let bytes = 0;
  for (const [name, field] of Object.entries(value)) {
    // In a map the name counts, too.
    bytes += fieldBytes + Buffer.byteLength(name) + valueBytes(field, depth + 1);
  }
  return bytes;
}
