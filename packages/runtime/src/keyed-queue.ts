/**
 * Values by key, in the order in which they came. Finding the oldest costs the same however many have come and gone: a Map keeps
 * the order as well, but walks over all that has been deleted from its beginning. No key comes twice.
 */
export class KeyedQueue<Key, Value> {
  readonly #values = new Map<Key, Value>();
  /** Keys in their order, from the first one that may still be there; up to half of them have gone. */
  #order: Key[] = [];
  #first = 0;

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  add(key: Key, value: Value): void {
    this.#values.set(key, value);
    this.#order.push(key);
  }

  delete(key: Key): void {
    if (!this.#values.delete(key) || this.#order.length <= 2 * this.#values.size + 64) return;
    this.#order = [...this.#values.keys()];
    this.#first = 0;
  }

  oldest(): { key: Key; value: Value } | undefined {
    for (; this.#first < this.#order.length; this.#first += 1) {
      const key = this.#order[this.#first] as Key;
      const value = this.#values.get(key);
      if (value !== undefined) return { key, value };
    }
    return undefined;
  }
}
