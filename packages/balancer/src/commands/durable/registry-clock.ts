import type { Clock } from '@pushfleet/runtime';

/** The registry's time, as far as it can be told from its last answer: it is late by as long as that took. */
export class RegistryClock {
  readonly #clock: Clock;
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The registry has just said that it was this late there. */
  onHeard(atMs: number): void {
    this.#aheadMs = atMs - this.#clock.now();
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** The same moment by this process' clock. */
  toLocal(atMs: number): number {
    return atMs - this.#aheadMs;
  }
}
