import { formatAge } from '../output/age.ts';
import { type OutcomeCounts, renderCounts, settledOf } from './counts.ts';
import type { WaitName } from './wait.ts';

export interface ProgressView {
  /** Devices that get the command; of a group, those found so far. */
  devices: number;
  allFound?: boolean;
  counts: OutcomeCounts;
  wait: WaitName;
  /** How many have settled per second, of late. */
  ratePerSecond: number;
  elapsedMs: number;
  /** Where it is not simply under way: `paused`. */
  state?: string;
}

/** `8123 of 10000 · 8000 SUCCEEDED · 123 RUNNING · 2310/s · 4s`: one line, the most telling part first. */
export function renderProgress(view: ProgressView): string {
  const { devices, allFound = true, counts, wait, ratePerSecond, elapsedMs, state } = view;
  const parts = [
    `${settledOf(counts, wait)} of ${devices}${allFound ? '' : '+'}`,
    ...(state ? [state] : []),
    renderCounts(counts, ' · '),
    `${Math.round(ratePerSecond)}/s`,
    formatAge(elapsedMs),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

const windowMs = 3_000;

/** The speed over the last seconds: what a push does now, not what it did at first. */
export class RateMeter {
  readonly #samples: { atMs: number; total: number }[] = [];

  /** @returns per second, after one more look at the total. */
  look(total: number, atMs: number): number {
    this.#samples.push({ atMs, total });
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? atMs) <= atMs - windowMs) this.#samples.shift();
    const [first = { atMs, total }] = this.#samples;
    const spanMs = atMs - first.atMs;
    return spanMs > 0 ? ((total - first.total) / spanMs) * 1_000 : 0;
  }
}
