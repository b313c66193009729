import type { NodeId } from '@pushfleet/protocol';
import type { RebalanceRecord } from '@pushfleet/registry';
import type { Plan } from './plan.ts';

export interface Thresholds {
  /** How many devices one push server must have beyond its fair share. */
  minLinks: number;
  /** How far the largest load must be above the mean, in percent. */
  minPercent: number;
  /** For how long nothing starts by itself after a rebalance has ended. */
  cooldownMs: number;
}

/** The largest load divided by the mean, at or below which a spread is even. */
export const evenRatio = 1.02;
/** How many checks in a row must find the spread uneven; while devices are just coming it settles by itself. */
const checksNeeded = 2;

/** The cluster as one check sees it. */
export interface Observation {
  plan: Plan;
  ready: readonly NodeId[];
  /** A drain or a restart is under way: the devices on their way would be counted twice. */
  isMaintained: boolean;
  nowMs: number;
}

/** Decides when a rebalance starts that nobody has asked for. Pure but for what it remembers. */
export class Trigger {
  readonly #thresholds: Thresholds;
  #ready: ReadonlySet<NodeId> | undefined;
  #joined = false;
  #unevenChecks = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  onEnded(nowMs: number): void {
    this.#notBeforeMs = nowMs + this.#thresholds.cooldownMs;
    this.#unevenChecks = 0;
    this.#joined = false;
  }

  /** The cause for a rebalance to start now; `undefined`: there is none. */
  check({ plan, ready, isMaintained, nowMs }: Observation): Exclude<RebalanceRecord['cause'], 'asked'> | undefined {
    // Those that the first look finds have not joined: they were there.
    const known = this.#ready ?? new Set(ready);
    if (ready.some((id) => !known.has(id))) this.#joined = true;
    this.#ready = new Set(ready);
    this.#unevenChecks = this.#isUneven(plan) ? this.#unevenChecks + 1 : 0;
    if (isMaintained || nowMs < this.#notBeforeMs || plan.moves.length === 0) return undefined;
    if (this.#joined && plan.excess >= this.#thresholds.minLinks && plan.largestToMean > evenRatio) {
      return 'node joined';
    }
    return this.#unevenChecks >= checksNeeded ? 'spread' : undefined;
  }

  #isUneven({ moves, excess, largestToMean }: Plan): boolean {
    const { minLinks, minPercent } = this.#thresholds;
    return moves.length > 0 && excess >= minLinks && largestToMean >= 1 + minPercent / 100;
  }
}
