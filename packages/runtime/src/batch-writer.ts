export interface BatchWriterOptions<Item> {
  /** How many items may wait. One more is refused. */
  capacity: number;
  /** A batch is cut before it would pass this. */
  batchBytes: number;
  batchItems: number;
  sizeOf(item: Item): number;
  /** Takes one batch. `false`: nothing more until `resume` is called. */
  write(batch: Item[]): boolean;
}

/**
 * Gathers what is queued in one turn of the event loop and writes it as one batch, because a message with 64 items
 * costs little more than a message with one.
 */
export class BatchWriter<Item> {
  readonly #options: BatchWriterOptions<Item>;
  #waiting: Item[] = [];
  #state: 'idle' | 'scheduled' | 'paused' | 'closed' = 'idle';

  constructor(options: BatchWriterOptions<Item>) {
    this.#options = options;
  }

  /** `false`: the queue is full or closed and the item was not taken. */
  add(item: Item): boolean {
    if (this.#state === 'closed' || this.#waiting.length >= this.#options.capacity) return false;
    this.#waiting.push(item);
    if (this.#state === 'idle') this.#schedule();
    return true;
  }

  /** The other side reads again. */
  resume(): void {
    if (this.#state === 'paused') this.#schedule();
  }

  /** Ends it, and gives back what was never written. */
  close(): Item[] {
    this.#state = 'closed';
    const unwritten = this.#waiting;
    this.#waiting = [];
    return unwritten;
  }

  #schedule(): void {
    this.#state = 'scheduled';
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#state !== 'scheduled') return;
    let from = 0;
    let more = true;
    while (more && from < this.#waiting.length) {
      const to = this.#endOfBatch(from);
      more = this.#options.write(this.#waiting.slice(from, to));
      from = to;
    }
    this.#waiting = this.#waiting.slice(from);
    this.#state = more ? 'idle' : 'paused';
  }

  #endOfBatch(from: number): number {
    const { batchBytes, batchItems, sizeOf } = this.#options;
    const last = Math.min(from + batchItems, this.#waiting.length);
    let bytes = 0;
    let to = from;
    while (to < last) {
      bytes += sizeOf(this.#waiting[to] as Item);
      if (bytes > batchBytes && to > from) break;
      to += 1;
    }
    return to;
  }
}
