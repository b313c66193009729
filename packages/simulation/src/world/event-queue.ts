export interface QueuedEvent {
  readonly atMs: number;
  readonly sequence: number;
  isCancelled: boolean;
  run(): void | Promise<void>;
}

/** Events by their times; those of one time in the order in which they were added. A binary heap. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(atMs: number, run: QueuedEvent['run']): QueuedEvent {
    this.#sequence += 1;
    const event: QueuedEvent = { atMs, sequence: this.#sequence, isCancelled: false, run };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  /** Removes and returns the first event that was not cancelled, unless it is later than `untilMs`. */
  take(untilMs: number): QueuedEvent | undefined {
    for (let first = this.#heap[0]; first; first = this.#heap[0]) {
      if (!first.isCancelled && first.atMs > untilMs) return undefined;
      this.#removeFirst();
      if (!first.isCancelled) return first;
    }
    return undefined;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one] as QueuedEvent, this.#heap[other] as QueuedEvent];
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one] as QueuedEvent;
    this.#heap[one] = this.#heap[other] as QueuedEvent;
    this.#heap[other] = kept;
  }
}
