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

  has(item: Item): boolean {
    return this.#dueAtMs.has(item);
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

/** An item of a wheel, to which these fields belong: begin with those of `unscheduled`. */
export interface Timed {
  bucket: number;
  /** Neighbours in the bucket. */
  previousDue: Timed | undefined;
  nextDue: Timed | undefined;
}

/** The fields of an item that is in no wheel. */
export const unscheduled: Readonly<Timed> = { bucket: 0, previousDue: undefined, nextDue: undefined };

/**
 * Deadlines of very many things that mostly end before: adding and removing move four references, nothing is hashed, nothing
 * of what was removed stays reachable, and there is no timer per thing. Due things come up to one `resolutionMs` late, never early.
 */
export class DeadlineWheel<Item extends Timed> {
  readonly #resolutionMs: number;
  /** The ends of rings: the next of an end is the first item, the previous one the last. */
  readonly #buckets = new Map<number, Timed>();
  #next: number;

  constructor(resolutionMs: number, nowMs: number) {
    this.#resolutionMs = resolutionMs;
    this.#next = Math.floor(nowMs / resolutionMs);
  }

  /** The item must not be in the wheel. */
  add(item: Item, atMs: number): void {
    const bucket = Math.max(this.#next, Math.ceil(atMs / this.#resolutionMs));
    const end = this.#buckets.get(bucket) ?? this.#open(bucket);
    item.bucket = bucket;
    insertBefore(end, item);
  }

  move(item: Item, atMs: number): void {
    this.remove(item);
    this.add(item, atMs);
  }

  /** Does nothing where the item is not in the wheel. */
  remove(item: Item): void {
    unlink(item);
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
      const end = this.#buckets.get(bucket);
      if (!end) continue;
      for (let item = end.nextDue as Timed; item !== end; item = end.nextDue as Timed) {
        unlink(item);
        due.push(item as Item);
      }
      this.#buckets.delete(bucket);
    }
    this.#next = Math.max(this.#next, last + 1);
    return due;
  }

  #open(bucket: number): Timed {
    const end: Timed = { ...unscheduled };
    end.previousDue = end;
    end.nextDue = end;
    this.#buckets.set(bucket, end);
    return end;
  }

  #bucketsUntil(last: number): Iterable<number> {
    const passed = last - this.#next + 1;
    if (passed <= this.#buckets.size)
      return Array.from({ length: Math.max(0, passed) }, (_, index) => this.#next + index);
    return [...this.#buckets.keys()].filter((bucket) => bucket <= last).sort((one, other) => one - other);
  }
}

function insertBefore(end: Timed, item: Timed): void {
  const last = end.previousDue as Timed;
  item.previousDue = last;
  item.nextDue = end;
  last.nextDue = item;
  end.previousDue = item;
}

function unlink(item: Timed): void {
  const { previousDue, nextDue } = item;
  if (!previousDue || !nextDue) return;
  previousDue.nextDue = nextDue;
  nextDue.previousDue = previousDue;
  item.previousDue = undefined;
  item.nextDue = undefined;
}
