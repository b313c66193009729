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

/** An item of a wheel; `bucket` belongs to the wheel. */
export interface Timed {
  bucket: number;
}

/**
 * Deadlines of very many things that mostly end before: adding and removing cost one Set operation each, and there is
 * no timer per thing. Due things come up to one `resolutionMs` late, never early.
 */
export class DeadlineWheel<Item extends Timed> {
  readonly #resolutionMs: number;
  readonly #buckets = new Map<number, Set<Item>>();
  #next: number;

  constructor(resolutionMs: number, nowMs: number) {
    this.#resolutionMs = resolutionMs;
    this.#next = Math.floor(nowMs / resolutionMs);
  }

  /** The item must not be in the wheel. */
  add(item: Item, atMs: number): void {
    const bucket = Math.max(this.#next, Math.ceil(atMs / this.#resolutionMs));
    const items = this.#buckets.get(bucket);
    if (items) items.add(item);
    else this.#buckets.set(bucket, new Set([item]));
    item.bucket = bucket;
  }

  move(item: Item, atMs: number): void {
    this.remove(item);
    this.add(item, atMs);
  }

  remove(item: Item): void {
    this.#buckets.get(item.bucket)?.delete(item);
  }

  /** The time at which the item comes up, in milliseconds. */
  dueAt(item: Item): number {
    return item.bucket * this.#resolutionMs;
  }

  /** Takes out all that is due, in its order. Costs no more than what the wheel holds, however long ago the last time was. */
  takeDue(nowMs: number): Item[] {
    const last = Math.floor(nowMs / this.#resolutionMs);
    const due: Item[] = [];
    for (const bucket of this.#bucketsUntil(last)) {
      // One by one: a bucket may hold more than a call can have arguments.
      for (const item of this.#buckets.get(bucket) ?? []) due.push(item);
      this.#buckets.delete(bucket);
    }
    this.#next = Math.max(this.#next, last + 1);
    return due;
  }

  #bucketsUntil(last: number): Iterable<number> {
    const passed = last - this.#next + 1;
    if (passed <= this.#buckets.size)
      return Array.from({ length: Math.max(0, passed) }, (_, index) => this.#next + index);
    return [...this.#buckets.keys()].filter((bucket) => bucket <= last).sort((one, other) => one - other);
  }
}
