import type { Clock } from './clock.ts';

/**
 * How long a peer has said nothing while this process was listening. Time in which this process itself stood still — it
 * was stopped, its host slept, its event loop was held up — is nobody's silence: at most twice the period counts between
 * two looks.
 */
export class Silence {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #periodMs: number;
  #silentMs = 0;
  #lookedAtMs: number;

  constructor(clock: Pick<Clock, 'now'>, periodMs: number) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#lookedAtMs = clock.now();
  }

  /** The peer has said something. */
  onHeard(): void {
    this.#silentMs = 0;
  }

  /**
   * To be called once a period. The milliseconds of silence until the look before this one: what has arrived while this
   * process stood still has not been read when it looks for the first time after that.
   */
  look(): number {
    const nowMs = this.#clock.now();
    const before = this.#silentMs;
    this.#silentMs += Math.max(0, Math.min(nowMs - this.#lookedAtMs, 2 * this.#periodMs));
    this.#lookedAtMs = nowMs;
    return before;
  }
}
