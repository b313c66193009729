import type { ServerWritableStream } from '@grpc/grpc-js';
import { type PushfleetError, toStatus } from '@pushfleet/protocol';

export interface ServerStreamOptions<Item, Message> {
  call: ServerWritableStream<unknown, Message>;
  /** How many items wait at most while the client does not read. */
  capacity: number;
  /** When there is one more: the oldest are left out, or the stream fails with this error. */
  whenFull: 'drop oldest' | PushfleetError;
  /** How many items go into one message at most. */
  batchItems: number;
  /** Makes a message of items; not before they are written. */
  toMessage(items: readonly Item[]): Message;
}

/**
 * The answers of one server-streaming call, written no faster than its client reads. What a slow client has not read is bounded;
 * with a capacity of one item and `drop oldest` it gets the latest state, whenever it reads, and none of those in between.
 */
export class ServerStream<Item, Message> {
  readonly #options: ServerStreamOptions<Item, Message>;
  readonly #closed = Promise.withResolvers<void>();
  #waiting: Item[] = [];
  #isFlowing = true;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #onIdle: (() => void)[] = [];

  constructor(options: ServerStreamOptions<Item, Message>) {
    const { call } = options;
    this.#options = options;
    call.on('drain', () => this.#onDrain());
    call.on('cancelled', () => this.#close());
    // Nobody would say again that its client is gone.
    if (call.cancelled) this.#close();
  }

  /** Whether more can be written. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Resolves when the client has gone, or when all that was to be written to it has been. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Writes items, now or when the client reads. Ignored where the stream is not open. */
  write(items: readonly Item[]): void {
    if (this.#state !== 'open') return;
    for (const item of items) this.#waiting.push(item);
    this.#flush();
    const { capacity, whenFull } = this.#options;
    if (this.#waiting.length <= capacity) return;
    if (whenFull === 'drop oldest') this.#waiting = this.#waiting.slice(-capacity);
    else this.fail(whenFull);
  }

  /** Ends the call once what waits has been written. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#flush();
  }

  /** Ends the call with an error, at once; what waits is dropped. */
  fail(error: PushfleetError): void {
    if (this.#state === 'closed') return;
    this.#close();
    this.#options.call.emit('error', toStatus(error));
  }

  /** Resolves once nothing waits for the client, or the stream has closed. */
  async idle(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #onDrain(): void {
    this.#isFlowing = true;
    if (this.#state !== 'closed') this.#flush();
  }

  #flush(): void {
    const { call, batchItems, toMessage } = this.#options;
    while (this.#isFlowing && this.#waiting.length > 0) {
      this.#isFlowing = call.write(toMessage(this.#waiting.slice(0, batchItems)));
      this.#waiting = this.#waiting.slice(batchItems);
    }
    if (this.#waiting.length > 0) return;
    this.#release();
    if (this.#state !== 'ending') return;
    this.#close();
    call.end();
  }

  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#waiting = [];
    this.#release();
    this.#closed.resolve();
  }

  #release(): void {
    const released = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of released) resolve();
  }
}
