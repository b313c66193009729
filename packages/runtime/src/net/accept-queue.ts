/** A connection that waits for its handshake. */
export interface Waiting {
  /** Its client has a session to resume, as far as its hello tells. */
  isKnown: boolean;
  /** Too many sign-ins have failed from its address. */
  isSuspect?: boolean;
  /** When it began to wait. */
  sinceMs: number;
}

/**
 * Connections that wait for their handshakes. Known clients go before strangers, these before suspects, and of each the one that came last
 * goes first: those who have waited long have mostly given up, and would be served for nothing.
 */
export class AcceptQueue<Item extends Waiting> {
  readonly #known = new Stack<Item>();
  readonly #strangers = new Stack<Item>();
  readonly #suspects = new Stack<Item>();

  get size(): number {
    return this.#known.size + this.#strangers.size + this.#suspects.size;
  }

  /** Those who are not suspects. */
  get others(): number {
    return this.#known.size + this.#strangers.size;
  }

  add(item: Item): void {
    this.#of(item).push(item);
  }

  delete(item: Item): void {
    this.#of(item).delete(item);
  }

  take(): Item | undefined {
    return this.#known.pop() ?? this.#strangers.pop() ?? this.#suspects.pop();
  }

  /** Removes and returns those that have waited since `sinceMs` or longer. */
  takeWaitingSince(sinceMs: number): Item[] {
    return [this.#known, this.#strangers, this.#suspects].flatMap((stack) =>
      stack.shiftWhile((item) => item.sinceMs <= sinceMs),
    );
  }

  #of({ isKnown, isSuspect }: Item): Stack<Item> {
    // Whoever has begun a TLS session once can resume it: that tells nothing of a suspect.
    if (isSuspect) return this.#suspects;
    return isKnown ? this.#known : this.#strangers;
  }
}

/** Items in the order in which they came; gives back at both ends, and lets any go. */
class Stack<Item> {
  /** A set keeps the order, but gives only its first, and walks over all that has left before it. */
  readonly #items = new Set<Item>();
  /** Those that have left from the middle are still in here, up to half of it. */
  #order: Item[] = [];
  /** Whoever is before it in the order has left. */
  #first = 0;

  get size(): number {
    return this.#items.size;
  }

  push(item: Item): void {
    this.#items.add(item);
    this.#order.push(item);
  }

  delete(item: Item): void {
    if (!this.#items.delete(item) || this.#order.length <= 2 * this.#items.size + 64) return;
    this.#order = [...this.#items];
    this.#first = 0;
  }

  pop(): Item | undefined {
    for (let last = this.#order.pop(); last !== undefined; last = this.#order.pop()) {
      this.#first = Math.min(this.#first, this.#order.length);
      if (this.#items.delete(last)) return last;
    }
    return undefined;
  }

  shiftWhile(isDue: (item: Item) => boolean): Item[] {
    const due: Item[] = [];
    for (; this.#first < this.#order.length; this.#first += 1) {
      const item = this.#order[this.#first] as Item;
      if (!this.#items.has(item)) continue;
      if (!isDue(item)) break;
      due.push(item);
    }
    for (const item of due) this.delete(item);
    return due;
  }
}
