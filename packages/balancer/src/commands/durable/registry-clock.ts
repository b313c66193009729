import type { Clock } from '@pushfleet/runtime';

/** The registry's wall clock, as far as it can be told from its last answer: it is late by as long as that took. */
export class RegistryClock {
  readonly #clock: Clock;
  /** Of this process' monotonic clock; before the first answer both machines' wall clocks are taken to agree. */
  #aheadMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#aheadMs = clock.wallMs() - clock.now();
  }

  /** The registry has just said that it was this late there. */
  onHeard(atMs: number): void {
    this.#aheadMs = atMs - this.#clock.now();
  }

  wallMs(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** The same moment by this process' monotonic clock. */
  toLocal(atMs: number): number {
    return atMs - this.#aheadMs;
  }
}
