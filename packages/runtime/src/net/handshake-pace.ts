import type { LoopMonitor } from '../loop-monitor.ts';
import { TokenBucket } from '../token-bucket.ts';

/** How busy the process is; a LoopMonitor says it. */
export type LoopLoad = Pick<LoopMonitor, 'utilization' | 'lagMs'>;

export const paceLimits = {
  /**
   * The utilisation that newcomers may bring the loop to. Where several processes share a core it counts the time in which they wait
   * for it, too: at 0.7 a third of the cores stays idle. Whoever is already here waits for a few handshakes, whatever it is.
   */
  targetUtilization: 0.9,
  /** A loop in which timers are later than this is too busy, whatever its utilisation. */
  lagMs: 250,
  /** The lag of the last 250 ms is still seen after the rate has fallen for it: so it falls for it once in so many looks. */
  looksPerBrake: 4,
  /** Handshakes that may begin in a second, whatever else the process does: nobody is kept out for good. */
  leastPerSecond: 20,
  mostPerSecond: 4_000,
  /** Before anything was measured. */
  firstPerSecond: 500,
  /** Handshakes that may be in flight, at least. */
  leastInFlight: 16,
} as const;

/**
 * The rate for the next quarter of a second. Falls in proportion to how far the loop is above its target, by half at most;
 * rises by up to a quarter while there is room and somebody waits. While nobody waits it goes back to what it was at first.
 * @param mayBrake Whether it may fall by half because timers are late.
 */
export function nextRate(
  perSecond: number,
  { utilization, lagMs }: LoopLoad,
  isWaiting: boolean,
  mayBrake = true,
): number {
  const { targetUtilization: target, leastPerSecond, mostPerSecond, firstPerSecond } = paceLimits;
  if (lagMs > paceLimits.lagMs) return mayBrake ? Math.max(leastPerSecond, perSecond / 2) : perSecond;
  if (utilization > target) return Math.max(leastPerSecond, (perSecond * target) / utilization);
  const room = (target - utilization) / target;
  const risen = perSecond * (1 + room / 4) + 5;
  if (isWaiting) return Math.min(mostPerSecond, risen);
  return perSecond > firstPerSecond ? Math.max(firstPerSecond, perSecond / 1.1) : Math.min(firstPerSecond, risen);
}

/** Decides how many handshakes begin each second and how many may be in flight, by how busy the loop is. */
export class HandshakePace {
  readonly #bucket: TokenBucket;
  #perSecond: number = paceLimits.firstPerSecond;
  #looksSinceBrake: number = paceLimits.looksPerBrake;

  constructor(nowMs: number) {
    this.#bucket = new TokenBucket(rateOf(this.#perSecond), nowMs);
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** Handshakes that may be in flight: as many as begin in a second. */
  get mostInFlight(): number {
    return Math.max(paceLimits.leastInFlight, Math.floor(this.#perSecond));
  }

  /** Takes the permit for one more handshake. `false`: not now. */
  take(nowMs: number, inFlight: number): boolean {
    return inFlight < this.mostInFlight && this.#bucket.take(nowMs);
  }

  /** The time until there may be another permit, in milliseconds; 0: there is one, unless too many are in flight. */
  untilNextMs(nowMs: number): number {
    return this.#bucket.untilNextMs(nowMs);
  }

  /**
   * To be called every 250 ms.
   * @param most What must not be exceeded, for other reasons than the loop's.
   */
  adjust(load: LoopLoad, isWaiting: boolean, most: number = paceLimits.mostPerSecond): void {
    const mayBrake = this.#looksSinceBrake >= paceLimits.looksPerBrake;
    this.#looksSinceBrake = mayBrake && load.lagMs > paceLimits.lagMs ? 1 : this.#looksSinceBrake + 1;
    this.#perSecond = Math.min(nextRate(this.#perSecond, load, isWaiting, mayBrake), most);
    this.#bucket.rate = rateOf(this.#perSecond);
  }
}

/** A twentieth of a second's worth may begin at once. */
function rateOf(perSecond: number): { burst: number; perSecond: number } {
  return { burst: Math.max(8, perSecond / 20), perSecond };
}
