import type { Clock } from './clock.ts';

export interface KeepAliveEvents {
  /** Nothing was sent or heard for an interval: ask the server for a sign of life. */
  ping(): void;
  /** Nothing was heard for two intervals. Called once, last. */
  lost(): void;
}

/** A tick that comes later than this says that the device itself stood still: it slept, or was busy. */
const stallMs = 1_000;

/** Finds a link that is dead without having said so. One timer per link, however much goes over it. */
export class KeepAlive implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #events: KeepAliveEvents;
  #sentAt: number;
  #heardAt: number;
  /** When the next tick should come. */
  #dueAt: number;
  #timer: Disposable;

  constructor(clock: Clock, intervalMs: number, events: KeepAliveEvents) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#events = events;
    this.#sentAt = this.#heardAt = clock.now();
    this.#dueAt = this.#sentAt + intervalMs;
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
    // What came meanwhile is not read yet, and who was not listened to was not silent: the server is asked once more.
    if (now - this.#dueAt > stallMs) this.#heardAt = Math.max(this.#heardAt, now - this.#intervalMs);
    const silentMs = now - this.#heardAt;
    if (silentMs >= 2 * this.#intervalMs) return this.#events.lost();
    // A device that sends much and hears nothing must ask too: only an answer shows that the server lives.
    if (silentMs >= this.#intervalMs || now - this.#sentAt >= this.#intervalMs) {
      this.#events.ping();
      this.#sentAt = now;
    }
    const silenceDueAt = this.#heardAt + (silentMs >= this.#intervalMs ? 2 : 1) * this.#intervalMs;
    this.#dueAt = Math.max(Math.min(this.#sentAt + this.#intervalMs, silenceDueAt), now + 1);
    this.#timer = this.#clock.after(this.#dueAt - now, () => this.#tick());
  }
}
