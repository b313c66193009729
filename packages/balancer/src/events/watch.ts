import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { PushfleetError } from '@pushfleet/protocol';
import type { EventCursor, Logged } from '@pushfleet/registry';
import { ServerStream } from '@pushfleet/runtime';
import { encodeToken } from './parse.ts';

/** The header that says where a watch begins: a client that is cut off before the first event goes on from there. */
const tokenKey = 'pushfleet-resume-token';
const maxWaiting = 20_000;
const batchItems = 500;

/** The events that were written before stay good: the client goes on from its last token when it reads again. */
const tooSlow = new PushfleetError(
  'OVERLOADED',
  `more than ${maxWaiting} events wait to be read; watch again from the last resume token`,
);

export interface EventWatchOptions<Event, Message> {
  call: ServerWritableStream<unknown, Message>;
  /** The watch begins behind it. */
  cursor: EventCursor;
  /** Whether the client wants the event. */
  matches(event: Logged<Event>): boolean;
  toMessage(events: readonly Logged<Event>[]): Message;
}

/** One call that watches a log: its place in the events, and what waits until its client reads. */
export class EventWatch<Event, Message = unknown> {
  readonly stream: ServerStream<Logged<Event>, Message>;
  readonly #matches: EventWatchOptions<Event, Message>['matches'];
  #cursor: EventCursor;

  constructor({ call, cursor, matches, toMessage }: EventWatchOptions<Event, Message>) {
    this.#matches = matches;
    this.#cursor = cursor;
    this.stream = new ServerStream({ call, capacity: maxWaiting, whenFull: tooSlow, batchItems, toMessage });
    const headers = new Metadata();
    headers.set(tokenKey, encodeToken(cursor));
    call.sendMetadata(headers);
  }

  /** Everything up to it has been written or waits to be. */
  get cursor(): EventCursor {
    return this.#cursor;
  }

  /** @param events Those that follow the cursor. */
  take(events: readonly Logged<Event>[]): void {
    if (!this.stream.isOpen) return;
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    this.stream.write(events.filter((event) => this.#matches(event)));
  }
}
