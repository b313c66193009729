import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

const tickMs = 250;
/** The longest time between two ticks that is no stall. A longer one is a frozen or overloaded process, or a host that slept. */
const longestTickMs = 1_000;

export interface AttendedClockOptions {
  clock: Clock;
  /** Called after the process stood still, with the time in milliseconds. */
  onStall?: (stalledMs: number) => void;
  /** Calls `run` once what lies in the sockets has been read: by default in the check phase, which follows the poll phase. */
  afterReading?: (run: () => void) => void;
}

/** The time by which peers are judged. */
export type AttendedTime = Pick<Clock, 'now' | 'after' | 'every'>;

/**
 * Time in which this process paid attention. Whoever was silent while nobody listened was not silent: of a stall one
 * second counts at most, and time goes on only after what arrived meanwhile has been read. A deadline by this clock is
 * therefore late by as long as the process stood still, and never comes before what its peer said in time. For judgements
 * about peers only; promises are kept by the real clock. Advances in steps of 250 ms; one for each process.
 */
export class AttendedClock implements AttendedTime, Disposable {
  readonly #clock: Clock;
  readonly #onStall: (stalledMs: number) => void;
  readonly #afterReading: (run: () => void) => void;
  readonly #timer: Disposable;
  #attendedMs = 0;
  #lookedAtMs: number;

  constructor({ clock, onStall = () => {}, afterReading = setImmediate }: AttendedClockOptions) {
    this.#clock = clock;
    this.#onStall = onStall;
    this.#afterReading = afterReading;
    this.#lookedAtMs = clock.now();
    this.#timer = this.every(tickMs, () => this.#advance());
  }

  now(): number {
    return this.#attendedMs;
  }

  /** Calls `run` once after `delayMs` of attention, unless disposed before; up to 250 ms late. */
  after(delayMs: number, run: () => void): Disposable {
    const dueMs = this.#attendedMs + delayMs;
    const look = () => {
      const leftMs = dueMs - this.#attendedMs;
      if (leftMs <= 0) run();
      else timer = this.#clock.after(leftMs, look);
    };
    let timer = this.#clock.after(delayMs, look);
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  /** Calls `run` about every `periodMs`, each time after what lay in the sockets has been read; not more often after a stall. */
  every(periodMs: number, run: () => void): Disposable {
    let isDisposed = false;
    const timer = this.#clock.every(periodMs, () => this.#afterReading(() => isDisposed || run()));
    return {
      [Symbol.dispose]: () => {
        isDisposed = true;
        timer[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #advance(): void {
    const nowMs = this.#clock.now();
    const passedMs = nowMs - this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    this.#attendedMs += Math.min(passedMs, longestTickMs);
    if (passedMs > longestTickMs) this.#onStall(passedMs - longestTickMs);
  }
}

/** A listener for `onStall` that logs each stall. */
export function logStalls(logger: Logger): (stalledMs: number) => void {
  return (stalledMs) => logger.warn({ stalledMs }, 'this process stood still; nobody else is blamed for that time');
}
