/** A bound for how often something happens: `burst` times at once, and `perSecond` more every second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** Counts what happens against a rate. Times are milliseconds of any clock that only grows. */
export class TokenBucket {
  rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** @param count How often it happens by this. @returns `false`: it happens too often. */
  take(nowMs: number, count = 1): boolean {
    const earned = (Math.max(0, nowMs - this.#atMs) / 1_000) * this.rate.perSecond;
    this.#tokens = Math.min(this.rate.burst, this.#tokens + earned);
    this.#atMs = nowMs;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** The time until it may happen once more, if nothing happens meanwhile, in milliseconds. */
  untilNextMs(nowMs: number): number {
    const { perSecond } = this.rate;
    return Math.max(0, ((1 - this.#tokens) * 1_000) / perSecond - Math.max(0, nowMs - this.#atMs));
  }

  /** Forgets what has happened: the whole burst may happen again. */
  refill(): void {
    this.#tokens = this.rate.burst;
  }
}
