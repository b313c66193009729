import { type Clock, networkOf } from '@pushfleet/runtime';

export const signInLockPolicy = {
  /** So many attempts may fail within `withinMs`; the next one locks. */
  failures: 10,
  withinMs: 300_000,
  /** The first lock of a network; each further one lasts twice as long, up to `longestLockMs`. */
  firstLockMs: 60_000,
  longestLockMs: 3_600_000,
  /** The locks of a network are forgotten so long after its last attempt that was looked at. */
  forgetAfterMs: 7_200_000,
  /** Networks that are remembered; beyond, those that tried longest ago are forgotten. */
  networks: 10_000,
} as const;

interface Network {
  /** Attempts in the present window that have failed, or whose end is not known yet. */
  failures: number;
  windowEndsAt: number;
  lockedUntil: number;
  locks: number;
  forgetAt: number;
}

/**
 * Attempts to sign in, by the IPv4 address or the IPv6 network of 64 bits that they come from. Each counts as failed from its
 * begin, until it is forgiven: any number at once are not more than one after another.
 */
export class SignInLock {
  readonly #clock: Pick<Clock, 'now'>;
  /** The one that tried longest ago first. */
  readonly #networks = new Map<string, Network>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @returns 0 where the attempt may be looked at, and counts; else how long the address is locked, in milliseconds. */
  attempt(address: string): number {
    const now = this.#clock.now();
    const network = this.#take(networkOf(address), now);
    const { failures, withinMs, firstLockMs, longestLockMs, forgetAfterMs } = signInLockPolicy;
    if (network.lockedUntil > now) return network.lockedUntil - now;
    if (network.windowEndsAt <= now) Object.assign(network, { failures: 0, windowEndsAt: now + withinMs });
    network.forgetAt = now + forgetAfterMs;
    if (network.failures < failures) {
      network.failures += 1;
      return 0;
    }
    const lockMs = Math.min(longestLockMs, firstLockMs * 2 ** network.locks);
    Object.assign(network, { failures: 0, windowEndsAt: 0, locks: network.locks + 1, lockedUntil: now + lockMs });
    network.forgetAt = now + lockMs + forgetAfterMs;
    return lockMs;
  }

  /** The attempt was a good one. */
  forgive(address: string): void {
    const network = this.#networks.get(networkOf(address));
    if (network) network.failures = Math.max(0, network.failures - 1);
  }

  /** Networks that are remembered. */
  get size(): number {
    return this.#networks.size;
  }

  #take(name: string, now: number): Network {
    const known = this.#networks.get(name);
    const isNew = known === undefined || known.forgetAt <= now;
    const network = isNew ? { failures: 0, windowEndsAt: 0, lockedUntil: 0, locks: 0, forgetAt: 0 } : known;
    this.#networks.delete(name);
    this.#networks.set(name, network);
    for (const oldest of this.#networks.keys()) {
      if (this.#networks.size <= signInLockPolicy.networks) break;
      this.#networks.delete(oldest);
    }
    return network;
  }
}
