import type { NodeId } from '@pushfleet/protocol';
import type { RebalanceRecord } from '@pushfleet/registry';
import type { Plan } from './plan.ts';

export interface Thresholds {
  /** So many devices beyond its fair share must one push server have. */
  minLinks: number;
  /** So many percent above the mean must the largest load be. */
  minPercent: number;
  /** Nothing starts by itself for this long after a rebalance has ended. */
  cooldownMs: number;
}

/** At or below it a spread is even. */
export const evenRatio = 1.02;
/** In a row; one that is uneven while devices are just coming settles by itself. */
const checksNeeded = 2;

export interface Sight {
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

  /** Why one is to start now; `undefined`: none is. */
  check({ plan, ready, isMaintained, nowMs }: Sight): Exclude<RebalanceRecord['cause'], 'asked'> | undefined {
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
