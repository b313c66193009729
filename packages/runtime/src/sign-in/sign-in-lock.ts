import type { Clock } from '../clock.ts';

export interface SignInLockPolicy {
  /** So many attempts may fail within `withinMs`; the next one locks. */
  failures: number;
  withinMs: number;
  /** The first lock of a key; each further one lasts twice as long, up to `longestLockMs`. */
  firstLockMs: number;
  longestLockMs: number;
  /** The locks of a key are forgotten so long after its last attempt that was looked at. */
  forgetAfterMs: number;
  /** Keys that are remembered; beyond, those that tried longest ago are forgotten. */
  keys: number;
}

interface Attempts {
  /** Those in the present window that have failed, or whose end is not known yet. */
  failures: number;
  windowEndsAt: number;
  lockedUntil: number;
  locks: number;
  forgetAt: number;
}

/**
 * Attempts to sign in, by what they have in common: an address, say. Each counts as failed from its begin, until it is forgiven: any
 * number at once are not more than one after another.
 */
export class SignInLock {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #policy: SignInLockPolicy;
  /** The one that tried longest ago first. */
  readonly #attempts = new Map<string, Attempts>();

  constructor(clock: Pick<Clock, 'now'>, policy: SignInLockPolicy) {
    this.#clock = clock;
    this.#policy = policy;
  }

  /** @returns 0 where the attempt may be looked at, and counts; else how long the key is locked, in milliseconds. */
  attempt(key: string): number {
    const now = this.#clock.now();
    const attempts = this.#take(key, now);
    const { failures, withinMs, firstLockMs, longestLockMs, forgetAfterMs } = this.#policy;
    if (attempts.lockedUntil > now) return attempts.lockedUntil - now;
    if (attempts.windowEndsAt <= now) Object.assign(attempts, { failures: 0, windowEndsAt: now + withinMs });
    attempts.forgetAt = now + forgetAfterMs;
    if (attempts.failures < failures) {
      attempts.failures += 1;
      return 0;
    }
    const lockMs = Math.min(longestLockMs, firstLockMs * 2 ** attempts.locks);
    Object.assign(attempts, { failures: 0, windowEndsAt: 0, locks: attempts.locks + 1, lockedUntil: now + lockMs });
    attempts.forgetAt = now + lockMs + forgetAfterMs;
    return lockMs;
  }

  /** The attempt was a good one. */
  forgive(key: string): void {
    const attempts = this.#attempts.get(key);
    if (!attempts) return;
    attempts.failures = Math.max(0, attempts.failures - 1);
    // Most keys never fail: they must not drive out those that do.
    if (attempts.failures === 0 && attempts.locks === 0) this.#attempts.delete(key);
  }

  /** How long the key is locked, in milliseconds, without an attempt; 0: it is not. */
  lockedForMs(key: string): number {
    return Math.max(0, (this.#attempts.get(key)?.lockedUntil ?? Number.NEGATIVE_INFINITY) - this.#clock.now());
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#attempts.size;
  }

  #take(key: string, now: number): Attempts {
    const known = this.#attempts.get(key);
    const isNew = known === undefined || known.forgetAt <= now;
    const attempts = isNew ? { failures: 0, windowEndsAt: 0, lockedUntil: 0, locks: 0, forgetAt: 0 } : known;
    this.#attempts.delete(key);
    this.#attempts.set(key, attempts);
    for (const oldest of this.#attempts.keys()) {
      if (this.#attempts.size <= this.#policy.keys) break;
      this.#attempts.delete(oldest);
    }
    return attempts;
  }
}
