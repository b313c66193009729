import type { Failure } from './clients.ts';

const binMs = 1_000;
/** Rates are means over so many seconds: shorter ones show the heartbeat, not the load. */
const smoothing = 5;

/** The figures that a run is judged by. */
export class Statistics {
  readonly connectsPerSecond: number[] = [];
  readonly attemptsPerSecond: number[] = [];
  readonly failures: Record<Failure, number> = { refused: 0, timeout: 0, 'no place': 0 };
  lost = 0;
  connects = 0;

  countConnect(nowMs: number): void {
    this.connects += 1;
    count(this.connectsPerSecond, nowMs);
  }

  countAttempt(nowMs: number): void {
    count(this.attemptsPerSecond, nowMs);
  }

  /** Until when the given share of `total` had connected, in seconds; `undefined`: they have not. */
  timeUntil(share: number, total: number): number | undefined {
    let sum = 0;
    for (const [second, connects] of this.connectsPerSecond.entries()) {
      sum += connects;
      if (sum >= total * share) return second + 1;
    }
    return undefined;
  }

  /** The lowest rate of those who get in divided by the highest, from `fromS` to `toS`: 1 is level, 0 is a collapse. */
  collapseRatio(fromS: number, toS: number): { lowest: number; highest: number; ratio: number } {
    const rates: number[] = [];
    for (let at = fromS; at + smoothing <= toS; at += 1) {
      const bins = Array.from({ length: smoothing }, (_, offset) => this.connectsPerSecond[at + offset] ?? 0);
      rates.push(bins.reduce((sum, bin) => sum + bin, 0) / smoothing);
    }
    const lowest = Math.min(...rates);
    const highest = Math.max(...rates);
    return { lowest, highest, ratio: highest > 0 ? lowest / highest : 0 };
  }
}

function count(bins: number[], nowMs: number): void {
  const at = Math.floor(nowMs / binMs);
  while (bins.length <= at) bins.push(0);
  bins[at] = (bins[at] as number) + 1;
}
