import type { Clock } from './clock.ts';

export interface KeepAliveEvents {
  /** Nothing was sent or heard for an interval: ask the server for a sign of life. */
  ping(): void;
  /** Nothing was heard for two intervals. Called once, last. */
  lost(): void;
}

/** Finds a link that is dead without having said so. One timer per link, however much goes over it. */
export class KeepAlive implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #events: KeepAliveEvents;
  #sentAt: number;
  #heardAt: number;
  #timer: Disposable;

  constructor(clock: Clock, intervalMs: number, events: KeepAliveEvents) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#events = events;
    this.#sentAt = this.#heardAt = clock.now();
    this.#timer = clock.after(intervalMs, () => this.#tick());
  }

  sent(): void {
    this.#sentAt = this.#clock.now();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const now = this.#clock.now();
    const silentMs = now - this.#heardAt;
    if (silentMs >= 2 * this.#intervalMs) return this.#events.lost();
    // A device that sends much and hears nothing must ask too: only an answer shows that the server lives.
    if (silentMs >= this.#intervalMs || now - this.#sentAt >= this.#intervalMs) {
      this.#events.ping();
      this.#sentAt = now;
    }
    const silenceDueAt = this.#heardAt + (silentMs >= this.#intervalMs ? 2 : 1) * this.#intervalMs;
    const dueAt = Math.min(this.#sentAt + this.#intervalMs, silenceDueAt);
    this.#timer = this.#clock.after(Math.max(dueAt - now, 1), () => this.#tick());
  }
}
