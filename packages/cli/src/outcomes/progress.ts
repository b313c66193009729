import { systemClock } from '@pushfleet/runtime';
import { formatAge } from '../output/format.ts';
import { createStatusLine } from '../output/print.ts';
import { type OutcomeCounts, renderCounts, settledOf, type WaitName } from './outcomes.ts';

export interface ProgressView {
  /** Devices that get the command; of a group, those found so far. */
  devices: number;
  allFound?: boolean;
  counts: OutcomeCounts;
  wait: WaitName;
  /** Devices that have settled per second, of late. */
  ratePerSecond: number;
  elapsedMs: number;
  /** The state of a group push that is not simply running: `paused`. */
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

const everyMs = 100;

/** The progress of a push on a terminal, written anew at most ten times a second. */
export class LiveLine implements Disposable {
  readonly #line = createStatusLine();
  readonly #meter = new RateMeter();
  readonly #begunMs = systemClock.now();
  #shownAtMs = Number.NEGATIVE_INFINITY;

  show(view: Omit<ProgressView, 'ratePerSecond' | 'elapsedMs'>): void {
    const nowMs = systemClock.now();
    if (nowMs - this.#shownAtMs < everyMs) return;
    this.#shownAtMs = nowMs;
    const ratePerSecond = this.#meter.look(settledOf(view.counts, view.wait), nowMs);
    this.#line.show(renderProgress({ ...view, ratePerSecond, elapsedMs: nowMs - this.#begunMs }));
  }

  [Symbol.dispose](): void {
    this.#line.clear();
  }
}
