import type { Writable } from 'node:stream';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { batchBytes, PushBatch, pushBytes } from './push-batch.ts';

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
