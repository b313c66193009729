/** What a wheel holds; `bucket` belongs to the wheel. */
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

  /** When the item comes up. */
  dueAt(item: Item): number {
    return item.bucket * this.#resolutionMs;
  }

  /** Takes out all that is due. */
  takeDue(nowMs: number): Item[] {
    const last = Math.floor(nowMs / this.#resolutionMs);
    const due: Item[] = [];
    for (; this.#next <= last; this.#next += 1) {
      // One by one: a bucket may hold more than a call can have arguments.
      for (const item of this.#buckets.get(this.#next) ?? []) due.push(item);
      this.#buckets.delete(this.#next);
    }
    return due;
  }
}
