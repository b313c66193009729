/** What there is to go round: entries come and go meanwhile. */
type Keyed<Key> = Pick<Map<Key, unknown>, 'size' | 'keys'>;

/** Goes round the keys of a map, evenly, once in a period. */
export class Rounds<Key> {
  readonly #keyed: Keyed<Key>;
  readonly #periodMs: number;
  #ahead: Iterator<Key>;
  #due = 0;
  #askedAtMs: number;

  constructor(keyed: Keyed<Key>, periodMs: number, now: number) {
    this.#keyed = keyed;
    this.#periodMs = periodMs;
    this.#ahead = keyed.keys();
    this.#askedAtMs = now;
  }

  /** Those whose turn has come since this was last asked. */
  next(now: number): Key[] {
    // Never more than one round at once, whatever happened to the clock.
    const share = Math.min(1, Math.max(0, now - this.#askedAtMs) / this.#periodMs);
    this.#askedAtMs = now;
    this.#due += this.#keyed.size * share;
    const keys: Key[] = [];
    for (; this.#due >= 1; this.#due -= 1) {
      let next = this.#ahead.next();
      if (next.done) {
        this.#ahead = this.#keyed.keys();
        next = this.#ahead.next();
      }
      if (next.done) break;
      keys.push(next.value);
    }
    return keys;
  }
}
