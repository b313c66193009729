import type { ServerWritableStream } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { type admin, PushfleetError, toStatus } from '@pushfleet/protocol';
import type { EventCursor, FleetEvent } from '@pushfleet/registry';
import { encodeToken, matches, viewEvent, type WatchQuery } from './parse.ts';

export type WatchCall = ServerWritableStream<admin.WatchRequest, admin.WatchResponseInit>;

/** Where a watch begins, in the headers: a client that is cut off before the first event goes on from there. */
const tokenKey = 'pushfleet-resume-token';
const maxWaiting = 20_000;
const batch = 500;

/** One Watch call: its place in the events, and what waits until the client reads. */
export class Watcher {
  readonly #call: WatchCall;
  readonly #query: WatchQuery;
  readonly #left = Promise.withResolvers<void>();
  #waiting: FleetEvent[] = [];
  #flowing = true;
  #drained: (() => void) | undefined;
  ended = false;
  /** Everything up to it has been written or waits to be. */
  cursor: EventCursor;

  constructor(call: WatchCall, query: WatchQuery, cursor: EventCursor) {
    this.#call = call;
    this.#query = query;
    this.cursor = cursor;
    call.on('drain', () => this.#onDrain());
    call.on('cancelled', () => this.#close());
    const headers = new Metadata();
    headers.set(tokenKey, encodeToken(cursor));
    call.sendMetadata(headers);
  }

  /** Resolves when the client has gone or was sent away. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  /** Events that follow its cursor. */
  take(events: readonly FleetEvent[]): void {
    if (this.ended) return;
    this.cursor = events.at(-1)?.cursor ?? this.cursor;
    this.#waiting.push(...events.filter((event) => matches(this.#query, event)));
    this.#flush();
    // What was written so far stays good: the client goes on from its last token when it reads again.
    if (this.#waiting.length > maxWaiting) this.end(tooSlow);
  }

  /** Resolves once nothing waits. */
  async idle(): Promise<void> {
    while (!this.ended && this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  end(error: PushfleetError): void {
    if (this.ended) return;
    this.#close();
    this.#call.emit('error', toStatus(error));
  }

  #flush(): void {
    while (this.#flowing && this.#waiting.length > 0) {
      const events = this.#waiting.slice(0, batch);
      this.#waiting = this.#waiting.slice(batch);
      this.#flowing = this.#call.write({ events: events.map(viewEvent) });
    }
    if (this.#waiting.length === 0) this.#release();
  }

  #onDrain(): void {
    this.#flowing = true;
    if (!this.ended) this.#flush();
  }

  #close(): void {
    this.ended = true;
    this.#waiting = [];
    this.#release();
    this.#left.resolve();
  }

  #release(): void {
    this.#drained?.();
    this.#drained = undefined;
  }
}

const tooSlow = new PushfleetError(
  'OVERLOADED',
  `more than ${maxWaiting} events wait to be read; watch again from the last resume token`,
);
