/**
 * Deadlines that are all equally far away when they are set, so that they fall due in the order in which they were set: each
 * operation costs the same, however many there are, and nobody walks through those that are not due.
 */
export class DeadlineQueue<Item> {
  readonly #delayMs: number;
  readonly #dueAtMs = new Map<Item, number>();

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  get size(): number {
    return this.#dueAtMs.size;
  }

  /** Sets the deadline of an item, unless it has one. */
  set(item: Item, nowMs: number): void {
    if (!this.#dueAtMs.has(item)) this.#dueAtMs.set(item, nowMs + this.#delayMs);
  }

  delete(item: Item): void {
    this.#dueAtMs.delete(item);
  }

  /** Removes the items that are due and returns them, the earliest first. */
  takeDue(nowMs: number): Item[] {
    const due: Item[] = [];
    for (const [item, atMs] of this.#dueAtMs) {
      if (atMs > nowMs) break;
      due.push(item);
      this.#dueAtMs.delete(item);
    }
    return due;
  }
}
