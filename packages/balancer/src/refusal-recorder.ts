import { limits } from '@pushfleet/protocol';
import { type EventWriting, rareEvents, type WorkerRef, writeEvent } from '@pushfleet/registry';
import { type Clock, TokenBucket, visibleText } from '@pushfleet/runtime';

export interface RefusalRecorderOptions extends EventWriting {
  clock: Pick<Clock, 'now' | 'wallMs'>;
}

/** Distribution points that are told apart. */
const maxSources = 4_096;

/**
 * Writes the refusals of members of the cluster into the event log: those of this balancer, and those that workers tell of; so many of
 * each push server, and of this balancer.
 */
export class RefusalRecorder {
  readonly #options: RefusalRecorderOptions;
  readonly #budgets = new Map<string, TokenBucket>();

  constructor(options: RefusalRecorderOptions) {
    this.#options = options;
  }

  /** @param by The worker that refused; absent: this balancer. */
  record(detail: string, by?: WorkerRef): void {
    if (!this.#budgetOf(by?.nodeId ?? '').take(this.#options.clock.now())) return;
    const reason = visibleText(detail).slice(0, limits.errorBytes);
    const where = by ? { node: by.nodeId, worker: by.workerId } : {};
    writeEvent(this.#options, { kind: 'member-refused', reason, ...where });
  }

  #budgetOf(source: string): TokenBucket {
    const known = this.#budgets.get(source);
    if (known) return known;
    if (this.#budgets.size >= maxSources) this.#budgets.clear();
    const budget = new TokenBucket(rareEvents, this.#options.clock.now());
    this.#budgets.set(source, budget);
    return budget;
  }
}
