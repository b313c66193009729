export interface BatchRunnerOptions<Item> {
  /** How many items may wait. One more is not taken. */
  capacity: number;
  batchItems: number;
  /** How many batches may run at once. */
  concurrency: number;
  /** Never rejects. */
  run(batch: Item[]): Promise<void>;
}

/** Gathers what comes in one turn of the event loop, and whatever comes while as many batches run as may. */
export class BatchRunner<Item> {
  readonly #options: BatchRunnerOptions<Item>;
  #waiting: Item[] = [];
  #running = 0;
  #scheduled = false;

  constructor(options: BatchRunnerOptions<Item>) {
    this.#options = options;
  }

  /** `false`: there is no room, and the item was not taken. */
  add(item: Item): boolean {
    if (this.#waiting.length >= this.#options.capacity) return false;
    this.#waiting.push(item);
    this.#schedule();
    return true;
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#options.concurrency) return;
    this.#scheduled = true;
    setImmediate(() => this.#start());
  }

  #start(): void {
    this.#scheduled = false;
    const { batchItems, concurrency, run } = this.#options;
    let from = 0;
    while (from < this.#waiting.length && this.#running < concurrency) {
      this.#running += 1;
      void run(this.#waiting.slice(from, from + batchItems)).finally(() => this.#onDone());
      from += batchItems;
    }
    if (from > 0) this.#waiting = this.#waiting.slice(from);
  }

  #onDone(): void {
    this.#running -= 1;
    if (this.#waiting.length > 0) this.#schedule();
  }
}
