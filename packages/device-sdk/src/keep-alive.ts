import type { Clock } from './clock.ts';

export interface KeepAliveEvents {
  /** Nothing was sent or heard for an interval: sends a ping. */
  ping(): void;
  /** Nothing was heard for two intervals. Called once, last. */
  lost(): void;
}

/** Delay of a tick from which on the device itself stood still: it slept, or was busy. */
const stallMs = 1_000;

/** Finds a link that is dead without having been closed. One timer per link, however much goes over it. */
export class KeepAlive implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #events: KeepAliveEvents;
  #sentAtMs: number;
  #heardAtMs: number;
  /** The time at which the next tick should come. */
  #dueAtMs: number;
  #timer: Disposable;

  constructor(clock: Clock, intervalMs: number, events: KeepAliveEvents) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#events = events;
    this.#sentAtMs = this.#heardAtMs = clock.now();
    this.#dueAtMs = this.#sentAtMs + intervalMs;
    this.#timer = clock.after(intervalMs, () => this.#tick());
  }

  sent(): void {
    this.#sentAtMs = this.#clock.now();
  }

  heard(): void {
    this.#heardAtMs = this.#clock.now();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const now = this.#clock.now();
    // What came meanwhile is not read yet, and who was not listened to was not silent: the server is asked once more.
    if (now - this.#dueAtMs > stallMs) this.#heardAtMs = Math.max(this.#heardAtMs, now - this.#intervalMs);
    const silentMs = now - this.#heardAtMs;
    if (silentMs >= 2 * this.#intervalMs) return this.#events.lost();
    // A device that sends much and hears nothing must ask too: only an answer shows that the server lives.
    if (silentMs >= this.#intervalMs || now - this.#sentAtMs >= this.#intervalMs) {
      this.#events.ping();
      this.#sentAtMs = now;
    }
    const silenceDueAtMs = this.#heardAtMs + (silentMs >= this.#intervalMs ? 2 : 1) * this.#intervalMs;
    this.#dueAtMs = Math.max(Math.min(this.#sentAtMs + this.#intervalMs, silenceDueAtMs), now + 1);
    this.#timer = this.#clock.after(this.#dueAtMs - now, () => this.#tick());
  }
}
