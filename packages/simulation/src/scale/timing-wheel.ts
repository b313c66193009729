/** How long one turn of the simulation is, in virtual milliseconds: nothing is told apart that is closer together. */
export const tickMs = 5;

const buckets = 1 << 18;
const none = -1;

/**
 * The event queue of the simulation. Each subject (a device or a process, by its number) has at most one event pending; it costs
 * 12 bytes and no object, so that ten million devices have room. Events of one tick come in a fixed order.
 */
export class TimingWheel {
  readonly #heads = new Int32Array(buckets).fill(none);
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Tick of the pending event; -1: there is none. */
  readonly #due: Int32Array;
  #tick = 0;
  #pending = 0;

  constructor(subjects: number) {
    this.#next = new Int32Array(subjects).fill(none);
    this.#previous = new Int32Array(subjects).fill(none);
    this.#due = new Int32Array(subjects).fill(none);
  }

  get nowMs(): number {
    return this.#tick * tickMs;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Replaces the subject's pending event, if it has one. Never in the present tick: at the earliest in the next one. */
  schedule(subject: number, atMs: number): void {
    this.cancel(subject);
    const due = Math.max(this.#tick + 1, Math.ceil(atMs / tickMs));
    const bucket = due % buckets;
    const head = this.#heads[bucket] as number;
    this.#due[subject] = due;
    this.#next[subject] = head;
    this.#previous[subject] = none;
    if (head !== none) this.#previous[head] = subject;
    this.#heads[bucket] = subject;
    this.#pending += 1;
  }

  cancel(subject: number): void {
    const due = this.#due[subject] as number;
    if (due === none) return;
    const next = this.#next[subject] as number;
    const previous = this.#previous[subject] as number;
    if (previous === none) this.#heads[due % buckets] = next;
    else this.#next[previous] = next;
    if (next !== none) this.#previous[next] = previous;
    this.#due[subject] = none;
    this.#pending -= 1;
  }

  /** Goes on by one tick, and hands out what is due in it. */
  advance(onDue: (subject: number) => void): void {
    this.#tick += 1;
    const due: number[] = [];
    for (let at = this.#heads[this.#tick % buckets] as number; at !== none; at = this.#next[at] as number) {
      // A bucket holds what is due a whole turn of the wheel later, too.
      if (this.#due[at] === this.#tick) due.push(at);
    }
    for (const subject of due) {
      // What came before it in this tick may have cancelled it.
      if (this.#due[subject] !== this.#tick) continue;
      this.cancel(subject);
      onDue(subject);
    }
  }
}
