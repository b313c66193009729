import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import type { EventCursor, FleetEvent } from '@pushfleet/registry';
import { ServerStream } from '@pushfleet/runtime';
import { encodeToken, matches, viewEvent, type WatchQuery } from './parse.ts';

export type WatchCall = ServerWritableStream<admin.WatchRequest, admin.WatchResponseInit>;

/** The header that says where a watch begins: a client that is cut off before the first event goes on from there. */
const tokenKey = 'pushfleet-resume-token';
const maxWaiting = 20_000;
const batchItems = 500;

/** The events that were written before stay good: the client goes on from its last token when it reads again. */
const tooSlow = new PushfleetError(
  'OVERLOADED',
  `more than ${maxWaiting} events wait to be read; watch again from the last resume token`,
);

/** One Watch call: its place in the events, and what waits until its client reads. */
export class EventWatch {
  readonly stream: ServerStream<FleetEvent, admin.WatchResponseInit>;
  readonly #query: WatchQuery;
  #cursor: EventCursor;

  constructor(call: WatchCall, query: WatchQuery, cursor: EventCursor) {
    this.#query = query;
    this.#cursor = cursor;
    this.stream = new ServerStream({
      ...{ call, capacity: maxWaiting, whenFull: tooSlow, batchItems },
      toMessage: (events) => ({ events: events.map(viewEvent) }),
    });
    const headers = new Metadata();
    headers.set(tokenKey, encodeToken(cursor));
    call.sendMetadata(headers);
  }

  /** Everything up to it has been written or waits to be. */
  get cursor(): EventCursor {
    return this.#cursor;
  }

  /** @param events Those that follow the cursor. */
  take(events: readonly FleetEvent[]): void {
    if (!this.stream.isOpen) return;
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    this.stream.write(events.filter((event) => matches(this.#query, event)));
  }
}
