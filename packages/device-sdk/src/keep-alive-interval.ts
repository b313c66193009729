import { limits } from '@pushfleet/protocol';

/** How long a device may be silent before it asks whether its link still stands, as learned from the links that it had. */
export interface KeepAliveInterval {
  readonly ms: number;
  /** Silences of this length in a row that links have outlived. */
  readonly held: number;
  /** So many of them double the interval. Each half-open link doubles this: a bound that was found is tried less and less often. */
  readonly holdsNeeded: number;
}

/** No network address translator forgets a connection sooner. */
const leastMs = 15_000;
const firstHoldsNeeded = 2;
const mostHoldsNeeded = 64;

export function firstInterval(maxMs: number): KeepAliveInterval {
  return { ms: Math.min(limits.keepAliveFirstMs, maxMs), held: 0, holdsNeeded: firstHoldsNeeded };
}

/** A link was silent for the whole interval, and answered. */
export function lengthen(interval: KeepAliveInterval, maxMs: number): KeepAliveInterval {
  const held = interval.held + 1;
  if (held < interval.holdsNeeded || interval.ms >= maxMs) return { ...interval, held };
  return { ...interval, ms: Math.min(maxMs, 2 * interval.ms), held: 0 };
}

/** A link was silent for the whole interval, and turned out half-open. */
export function shorten({ ms, holdsNeeded }: KeepAliveInterval): KeepAliveInterval {
  const shorter = Math.max(Math.min(leastMs, ms), Math.floor(ms / 2));
  return { ms: shorter, held: 0, holdsNeeded: Math.min(mostHoldsNeeded, 2 * holdsNeeded) };
}

/** The keep-alive of one device, over all of its links. */
export class DeviceKeepAlive {
  /** The keep-alive that the device asks for: the longest silence that a link of it may come to. */
  readonly wishedMs: number;
  readonly #isFixed: boolean;
  #interval: KeepAliveInterval;

  /** @param fixedMs The interval of every link; `undefined`: it is learned, up to `maxMs`. */
  constructor(fixedMs: number | undefined, maxMs: number) {
    this.#isFixed = fixedMs !== undefined;
    this.wishedMs = fixedMs ?? maxMs;
    this.#interval = firstInterval(maxMs);
  }

  /** The interval on a link whose server grants `grantedMs`; 0: there is none. */
  intervalMs(grantedMs: number): number {
    return this.#isFixed ? grantedMs : Math.min(grantedMs, this.#interval.ms);
  }

  onHeld(): void {
    this.#interval = lengthen(this.#interval, this.wishedMs);
  }

  onHalfOpen(): void {
    this.#interval = shorten(this.#interval);
  }
}
