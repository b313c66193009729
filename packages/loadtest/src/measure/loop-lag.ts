import type { Clock } from '@pushfleet/runtime';
import { LatencyHistogram } from '../report/latency-histogram.ts';
import type { LagFigures } from '../report/process-samples.ts';

/** A turn of a timer comes every so many milliseconds. */
export const lagEveryMs = 10;

/**
 * The time that something which comes at any moment waits for a process's event loop. What a process of the load tool does not
 * do at once is measured as the cluster's.
 */
export class LoopLag {
  readonly #ofRun = new LatencyHistogram();
  readonly #tell: (ms: number) => void;

  /** @param tell Is told each value as well. */
  constructor(tell: (ms: number) => void = () => {}) {
    this.#tell = tell;
  }

  get figures(): LagFigures {
    return { p99Ms: this.#ofRun.percentileMs(99), maxMs: this.#ofRun.maxMs() };
  }

  /** A turn that was to come `lagEveryMs` after the one before came so much later. Those that it has swallowed count as well. */
  onTurn(lateMs: number): void {
    this.#add(Math.max(0, lateMs));
    for (let ms = lateMs - lagEveryMs; ms > 0; ms -= lagEveryMs) this.#add(ms);
  }

  /** Takes turns of its own. */
  watch(clock: Clock): Disposable {
    let lastMs = clock.now();
    return clock.every(lagEveryMs, () => {
      const nowMs = clock.now();
      this.onTurn(nowMs - lastMs - lagEveryMs);
      lastMs = nowMs;
    });
  }

  #add(ms: number): void {
    this.#ofRun.record(ms);
    this.#tell(ms);
  }
}
