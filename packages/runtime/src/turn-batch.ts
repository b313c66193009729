export interface TurnBatchOptions<Item> {
  /** How many items may wait. One more is refused. Absent: any number. */
  capacity?: number;
  /** A batch is cut before it would pass either; one item that is larger than `batchBytes` makes a batch alone. */
  batchItems?: number;
  batchBytes?: number;
  /** In bytes; needed with `batchBytes`. */
  sizeOf?(item: Item): number;
  /** Whether `later`, which is added right after `earlier`, says all that it does. Then `earlier` is not written. */
  supersedes?(later: Item, earlier: Item): boolean;
  /** Writes one batch. `false`: nothing more until `resume` is called. */
  write(batch: Item[]): boolean;
}

/**
 * Gathers what is added in one turn of the event loop and writes it as one batch when the turn ends, in order, because a
 * message or a question with 64 items costs little more than one with a single item. While whoever takes the batches has
 * paused them, items wait, up to `capacity`.
 */
export class TurnBatch<Item> {
  readonly #options: TurnBatchOptions<Item>;
  readonly #capacity: number;
  #waiting: Item[] = [];
  #state: 'idle' | 'scheduled' | 'paused' | 'closed' = 'idle';

  constructor(options: TurnBatchOptions<Item>) {
    this.#options = options;
    this.#capacity = options.capacity ?? Number.POSITIVE_INFINITY;
  }

  /** `false`: the queue is full or closed, and the item was not taken. */
  add(item: Item): boolean {
    if (this.#state === 'closed' || this.#waiting.length >= this.#capacity) return false;
    const earlier = this.#waiting.at(-1);
    if (earlier !== undefined && this.#options.supersedes?.(item, earlier)) this.#waiting.pop();
    this.#waiting.push(item);
    if (this.#state === 'idle') this.#schedule();
    return true;
  }

  /** Writes again, from the next turn on, after a batch was answered with `false`. */
  resume(): void {
    if (this.#state === 'paused') this.#schedule();
  }

  /** Ends it, and gives back what was never written. */
  close(): Item[] {
    this.#state = 'closed';
    const left = this.#waiting;
    this.#waiting = [];
    return left;
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
    if (this.#state === 'scheduled') this.#state = more ? 'idle' : 'paused';
  }

  #endOfBatch(from: number): number {
    const { batchBytes, batchItems = this.#waiting.length, sizeOf } = this.#options;
    const last = Math.min(from + batchItems, this.#waiting.length);
    if (batchBytes === undefined || !sizeOf) return last;
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

export interface ConcurrentBatchesOptions<Item> extends Omit<TurnBatchOptions<Item>, 'write'> {
  /** How many batches may be under way at once. */
  concurrency: number;
  /** Works one batch off. Never rejects. */
  run(batch: Item[]): Promise<void>;
}

/** A TurnBatch whose batches are worked off asynchronously, `concurrency` at once; whatever comes meanwhile gathers. */
export function concurrentBatches<Item>(options: ConcurrentBatchesOptions<Item>): TurnBatch<Item> {
  const { concurrency, run } = options;
  let running = 0;
  const onDone = () => {
    running -= 1;
    batches.resume();
  };
  const batches = new TurnBatch<Item>({
    ...options,
    write: (batch) => {
      running += 1;
      void run(batch).finally(onDone);
      return running < concurrency;
    },
  });
  return batches;
}
