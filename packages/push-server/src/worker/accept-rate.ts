import { slotLimits } from '@pushfleet/registry';
import type { LoopLoad } from '@pushfleet/runtime';

export const acceptRateLimits = {
  /** The utilisation to which new devices may bring the loop. Lag is what protects those that are connected. */
  targetUtilization: 0.9,
  /** A loop in which timers are later than this takes too many devices, whatever its utilisation. */
  lagMs: 250,
  /** Fewer are not announced, however busy the worker is: nobody is kept out for good. */
  leastPerSecond: 10,
  mostPerSecond: 5_000,
  /** The greatest change of the rate within a second: slots that were given stay, so that a leap would be wrong for minutes. */
  fallPerSecond: 0.9,
  risePerSecond: 1.1,
  /** The time over which devices are counted. */
  smoothingMs: 2_000,
  /**
   * A loop that is later than this for so long is overloaded, until it has not been late for so long. While all push servers are
   * overloaded nobody gets in: longer than it takes to know would be lost.
   */
  overloadedLagMs: 500,
  overloadedAfterMs: 2_000,
  recoveredAfterMs: 2_000,
} as const;

/** Slots are given a tenth faster than the rate says, because not all devices come; in a storm of those that do, all are taken. */
const slotsPerDevice = slotLimits.pacePercent / 100;

/** Events since the last sample. */
export interface AcceptSample extends LoopLoad {
  /** Devices that were taken. */
  accepted: number;
  /** Clients that wait for their handshakes now. */
  waiting: number;
}

/**
 * Measures how many new devices a worker can take in a second, for the slots that are given, and whether it is overloaded.
 *
 * What is taken while the loop is at its target gives the rate. Below it the rate rises while it is used up, above it it falls to what
 * was taken, and by a tenth a second at most: halving it would leave the cores idle until the last slot of that time.
 */
export class AcceptRate {
  readonly #initial: number;
  #perSecond: number;
  #acceptedPerSecond = 0;
  #sampledAtMs: number;
  #lateSinceMs: number | undefined;
  #lateAtMs = Number.NEGATIVE_INFINITY;
  #isOverloaded = false;

  /** @param initial What is announced before anything was measured. */
  constructor(initial: number, nowMs: number) {
    this.#initial = initial;
    this.#perSecond = initial;
    this.#sampledAtMs = nowMs;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** To be called several times a second. */
  sample(sample: AcceptSample, nowMs: number): void {
    const sinceMs = nowMs - this.#sampledAtMs;
    if (sinceMs <= 0) return;
    this.#sampledAtMs = nowMs;
    const weight = 1 - Math.exp(-sinceMs / acceptRateLimits.smoothingMs);
    this.#acceptedPerSecond += (sample.accepted / (sinceMs / 1_000) - this.#acceptedPerSecond) * weight;
    // After a stall the past second is what counts, not all of it at once.
    const seconds = Math.min(1, sinceMs / 1_000);
    this.#perSecond = nextRate(this.#perSecond, this.#acceptedPerSecond, sample, seconds, this.#initial);
    this.#judge(sample, nowMs);
  }

  /** A late loop to which nobody comes is not overloaded by devices: it may take those that do. */
  #judge({ lagMs, waiting }: AcceptSample, nowMs: number): void {
    const { overloadedLagMs, overloadedAfterMs, recoveredAfterMs } = acceptRateLimits;
    const isWanted = waiting > 0 || this.#acceptedPerSecond >= 1;
    if (lagMs > overloadedLagMs && isWanted) {
      this.#lateSinceMs ??= nowMs;
      this.#lateAtMs = nowMs;
      if (nowMs - this.#lateSinceMs >= overloadedAfterMs) this.#isOverloaded = true;
    } else {
      this.#lateSinceMs = undefined;
      if (nowMs - this.#lateAtMs >= recoveredAfterMs) this.#isOverloaded = false;
    }
  }
}

function nextRate(
  perSecond: number,
  accepted: number,
  { utilization, lagMs }: LoopLoad,
  seconds: number,
  initial: number,
): number {
  const limits = acceptRateLimits;
  const fallen = perSecond * limits.fallPerSecond ** seconds;
  const risen = perSecond * limits.risePerSecond ** seconds;
  const next = () => {
    if (lagMs > limits.lagMs) return fallen;
    if (utilization > limits.targetUtilization) {
      const atTarget = (accepted * limits.targetUtilization) / utilization;
      return clamp(atTarget / slotsPerDevice, fallen, risen);
    }
    // Nobody has tried what it could take: nothing is known but what it was at first.
    if (accepted < 0.7 * perSecond) return perSecond < initial ? Math.min(initial, risen) : perSecond;
    return risen;
  };
  return clamp(next(), limits.leastPerSecond, limits.mostPerSecond);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
