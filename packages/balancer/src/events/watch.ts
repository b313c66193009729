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
  /** Those of the events that the client wants, and may see. @throws PushfleetError REGISTRY_UNAVAILABLE: nobody can tell now. */
  select(events: readonly Logged<Event>[]): readonly Logged<Event>[] | Promise<readonly Logged<Event>[]>;
  toMessage(events: readonly Logged<Event>[]): Message;
}

/** One call that watches a log: its place in the events, and what waits until its client reads. */
export class EventWatch<Event, Message = unknown> {
  readonly stream: ServerStream<Logged<Event>, Message>;
  readonly #select: EventWatchOptions<Event, Message>['select'];
  #cursor: EventCursor;

  constructor({ call, cursor, select, toMessage }: EventWatchOptions<Event, Message>) {
    this.#select = select;
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

  /**
   * Takes all of them or, where it rejects, none. One call at a time.
   * @param events Those that follow the cursor.
   * @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async take(events: readonly Logged<Event>[]): Promise<void> {
    if (!this.stream.isOpen) return;
    const selected = await this.#select(events);
    if (!this.stream.isOpen) return;
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    this.stream.write(selected);
  }
}
