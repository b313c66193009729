import { limits } from '@pushfleet/protocol';
import type { Events, WorkerRef } from '@pushfleet/registry';
import { type Clock, type Logger, TokenBucket, visibleText } from '@pushfleet/runtime';

export interface RefusalRecorderOptions {
  events: Pick<Events, 'append'>;
  clock: Pick<Clock, 'now' | 'wallMs'>;
  logger: Logger;
}

/** Events of one push server's workers, and of this balancer itself: what is more is in their logs and metrics. */
const rate = { burst: 20, perSecond: 1 / 6 } as const;
/** Distribution points that are told apart. */
const maxSources = 4_096;

/** Writes the refusals of members of the cluster into the event log: those of this balancer, and those that workers tell of. */
export class RefusalRecorder {
  readonly #options: RefusalRecorderOptions;
  readonly #budgets = new Map<string, TokenBucket>();

  constructor(options: RefusalRecorderOptions) {
    this.#options = options;
  }

  /** @param by The worker that refused; absent: this balancer. */
  record(detail: string, by?: WorkerRef): void {
    const { events, clock, logger } = this.#options;
    if (!this.#budgetOf(by?.nodeId ?? '').take(clock.now())) return;
    const reason = visibleText(detail).slice(0, limits.errorBytes);
    const where = by ? { node: by.nodeId, worker: by.workerId } : {};
    const event = { kind: 'member-refused', atMs: clock.wallMs(), reason, ...where } as const;
    events.append([event]).catch((error: unknown) => {
      logger.warn({ err: error, reason }, 'the refusal of a member of the cluster is not in the event log');
    });
  }

  #budgetOf(source: string): TokenBucket {
    const known = this.#budgets.get(source);
    if (known) return known;
    if (this.#budgets.size >= maxSources) this.#budgets.clear();
    const budget = new TokenBucket(rate, this.#options.clock.now());
    this.#budgets.set(source, budget);
    return budget;
  }
}
