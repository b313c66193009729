import { setImmediate } from 'node:timers/promises';

interface Timer {
  atMs: number;
  run: () => void;
}

/**
 * A clock that a test turns by hand; fits wherever the packages want a clock. Its two measures of time are moved apart
 * with `stepWall`.
 */
export class ManualClock {
  #nowMs: number;
  #wallAheadMs: number;
  readonly #timers = new Set<Timer>();

  constructor({ nowMs = 0, wallMs = 1_800_000_000_000 }: { nowMs?: number; wallMs?: number } = {}) {
    this.#nowMs = nowMs;
    this.#wallAheadMs = wallMs - nowMs;
  }

  /** Timers that would still fire. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallAheadMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), run };
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

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = this.after(delayMs, resolve);
    const onAbort = () => resolve();
    signal?.addEventListener('abort', onAbort, { once: true });
    await promise;
    signal?.removeEventListener('abort', onAbort);
  }

  /** Time passes, and each timer fires at its own moment. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let due = this.#nextDue(untilMs); due; due = this.#nextDue(untilMs)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.run();
    }
    this.#nowMs = untilMs;
  }

  /** Advances in steps; what is due in each has run to its end, promises included, before the next. */
  async turn(byMs: number, stepMs = 100): Promise<void> {
    await setImmediate();
    for (const untilMs = this.#nowMs + byMs; this.#nowMs < untilMs; ) {
      this.advance(Math.min(stepMs, untilMs - this.#nowMs));
      await setImmediate();
    }
  }

  /** The process stands still: time passes, and then all timers that are late fire once. */
  stall(byMs: number): void {
    this.#nowMs += byMs;
    this.advance(0);
  }

  /** Somebody sets the wall clock. */
  stepWall(byMs: number): void {
    this.#wallAheadMs += byMs;
  }

  #nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.atMs <= untilMs && timer.atMs < (next?.atMs ?? Infinity)) next = timer;
    return next;
  }
}
