import type { Clock } from './clock.ts';

/** A clock that a test turns by hand. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Map<symbol, { atMs: number; run: () => void }>();

  /** Timers that would still fire. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const key = Symbol();
    this.#timers.set(key, { atMs: this.#nowMs + delayMs, run });
    return { [Symbol.dispose]: () => void this.#timers.delete(key) };
  }

  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { atMs }]) => atMs <= untilMs).sort((a, b) => a[1].atMs - b[1].atMs);
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#nowMs = Math.max(this.#nowMs, next[1].atMs);
      next[1].run();
    }
    this.#nowMs = untilMs;
  }
}
