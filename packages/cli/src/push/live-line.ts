import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { stateOf } from '../group-pushes/group-push.ts';
import { createStatusLine } from '../output/progress.ts';
import { countsOf, settledOf } from './counts.ts';
import { type ProgressView, RateMeter, renderProgress } from './progress-line.ts';
import type { WaitName } from './wait.ts';

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

export function groupProgress(
  push: admin.GroupPush,
  wait: WaitName,
): Omit<ProgressView, 'ratePerSecond' | 'elapsedMs'> {
  const { devices, allFound } = push;
  const state = stateOf(push);
  return { devices, allFound, counts: countsOf(push), wait, ...(state === 'running' ? {} : { state }) };
}
