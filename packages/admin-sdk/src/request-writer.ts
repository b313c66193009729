import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type admin, PushfleetError } from '@pushfleet/protocol';

export type Requests = AsyncIterable<admin.PushRequestInit> | Iterable<admin.PushRequestInit>;

/** Writes requests to a stream while fewer than `inFlight` of them wait for their answer. */
export class RequestWriter {
  /** The error that the caller's iterable threw. */
  failure: { error: unknown } | undefined;
  readonly #call: Writable & { cancel(): void };
  readonly #inFlight: number;
  readonly #pending = new Map<number, admin.PushRequestInit>();
  readonly #stopped = new AbortController();
  #wroteAll = false;
  #wake: (() => void) | undefined;

  constructor(call: Writable & { cancel(): void }, inFlight: number) {
    this.#call = call;
    this.#inFlight = inFlight;
  }

  start(requests: Requests): void {
    this.#write(requests).catch((error: unknown) => {
      if (this.#stopped.signal.aborted) return;
      this.failure = { error };
      this.#call.cancel();
    });
  }

  /** The request that an answer belongs to; it makes room for the next. */
  take(correlationId: number): admin.PushRequestInit | undefined {
    const request = this.#pending.get(correlationId);
    this.#pending.delete(correlationId);
    this.#wake?.();
    return request;
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
    this.#stopped.abort();
    this.#wake?.();
  }

  async #write(requests: Requests): Promise<void> {
    let correlationId = 0;
    for await (const push of requests) {
      while (this.#pending.size >= this.#inFlight && !this.#stopped.signal.aborted) await this.#answered();
      if (this.#stopped.signal.aborted) return;
      correlationId += 1;
      this.#pending.set(correlationId, push);
      if (!this.#call.write({ correlationId, push }) && !(await this.#drained())) return;
    }
    this.#wroteAll = true;
    this.#call.end();
  }

  #answered(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** `false`: the stream failed or was given up, which its reader knows. */
  #drained(): Promise<boolean> {
    return once(this.#call, 'drain', { signal: this.#stopped.signal }).then(
      () => true,
      () => false,
    );
  }
}
