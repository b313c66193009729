import type { GroupPushRequest } from '@pushfleet/registry';

/**
 * Time for which the pacer catches up, in milliseconds, after nothing could go out because the registry took long for a
 * checkpoint. A longer pause is not made up for, so that no burst follows.
 */
export const catchUpMs = 250;

/** How far apart commands go out, in ms; 0: any number at once. Of the rate and the jitter window the slower one holds. */
export function spacingMs(
  { ratePerSecond, jitterWindowMs }: Pick<GroupPushRequest, 'ratePerSecond' | 'jitterWindowMs'>,
  devices: number,
): number {
  const byRate = ratePerSecond === 0 ? 0 : 1_000 / ratePerSecond;
  const byWindow = devices === 0 ? 0 : jitterWindowMs / devices;
  return Math.max(byRate, byWindow);
}

/**
 * How many commands may go out by the pace alone. One may at once, then one every `spacingMs`: in any span of time no more than
 * fit into that span and `catchUpMs`, and one.
 */
export class Pacer {
  readonly #spacingMs: number;
  #nextAtMs: number;

  constructor(spacingMs: number, nowMs: number) {
    this.#spacingMs = spacingMs;
    this.#nextAtMs = nowMs;
  }

  /** At most `atMost`; the caller sends all that it gets. */
  take(nowMs: number, atMost: number): number {
    if (this.#spacingMs === 0) return atMost;
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - catchUpMs);
    if (atMost === 0 || nowMs < this.#nextAtMs) return 0;
    const count = Math.min(atMost, Math.floor((nowMs - this.#nextAtMs) / this.#spacingMs) + 1);
    this.#nextAtMs += count * this.#spacingMs;
    return count;
  }

  /** Nothing that was missed so far is caught up on. */
  rest(nowMs: number): void {
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs);
  }

  /** Time until the next command may go out, in ms; 0: one may now. */
  waitMs(nowMs: number): number {
    return this.#spacingMs === 0 ? 0 : Math.max(0, this.#nextAtMs - nowMs);
  }
}
