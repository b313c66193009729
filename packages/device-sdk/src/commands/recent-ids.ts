/** Remembers the last `capacity` ids that were added; the oldest is forgotten. */
export class RecentIds {
  readonly #capacity: number;
  readonly #ids = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size > this.#capacity) this.#ids.delete(this.#ids.values().next().value ?? '');
  }

  /** False: it was not known. */
  delete(id: string): boolean {
    return this.#ids.delete(id);
  }
}
