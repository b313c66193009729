import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@pushfleet/runtime';

/** Time that stands still until a test turns it. What is due between two turns has run to its end after each. */
export class TurnedClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; run: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  every(periodMs: number, run: () => void): Disposable {
    let next: Disposable;
    const again = () => {
      next = this.after(periodMs, again);
      run();
    };
    next = this.after(periodMs, again);
    return { [Symbol.dispose]: () => next[Symbol.dispose]() };
  }

  async turn(byMs: number, stepMs = 100): Promise<void> {
    await setImmediate();
    for (const untilMs = this.#nowMs + byMs; this.#nowMs < untilMs; ) {
      this.#nowMs = Math.min(untilMs, this.#nowMs + stepMs);
      const due = [...this.#timers].filter(({ atMs }) => atMs <= this.#nowMs);
      for (const timer of due) this.#timers.delete(timer);
      for (const { run } of due) run();
      await setImmediate();
    }
  }
}
