import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

const silentMs = 60_000;

/** Says that spans cannot be exported: at once, once a minute while it goes on, and when they can be again. */
export class ExportFailures {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #failed = 0;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  onFailed(error: unknown): void {
    this.#failed += 1;
    const nowMs = this.#clock.now();
    if (nowMs - this.#saidAtMs < silentMs) return;
    this.#saidAtMs = nowMs;
    this.#logger.warn({ err: error, failed: this.#failed }, 'traces cannot be exported');
  }

  onExported(): void {
    if (this.#failed === 0) return;
    this.#failed = 0;
    this.#logger.info('traces are exported again');
  }
}
