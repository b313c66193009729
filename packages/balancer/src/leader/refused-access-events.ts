import type { Registry } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { RefusalRecorder } from '../refusal-recorder.ts';
import type { LeaderTask } from './leader.ts';

export interface RefusedAccessOptions {
  registry: Pick<Registry, 'refusedAccess'>;
  refusals: Pick<RefusalRecorder, 'record'>;
  clock: Pick<Clock, 'now'>;
}

const everyMs = 5_000;
/** Interval where the balancers' user may not ask: each question is one more refusal in the log of Redis. */
const refusedEveryMs = 600_000;
/** Interval of reports of attempts of one user that are alike. */
const reportEveryMs = 60_000;
const maxKinds = 1_024;

/** Writes among the events what the store has refused to push servers: only a stolen one tries what it may not. */
export class RefusedAccessEvents implements LeaderTask {
  readonly name = 'reading what the registry has refused';
  readonly #options: RefusedAccessOptions;
  /** When attempts of a kind were reported last. */
  readonly #reported = new Map<string, number>();
  #nextAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RefusedAccessOptions) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { registry, refusals, clock } = this.#options;
    const nowMs = clock.now();
    if (nowMs < this.#nextAtMs) return;
    const found = await registry.refusedAccess?.();
    this.#nextAtMs = nowMs + (found ? everyMs : refusedEveryMs);
    for (const { user, what, address, ageMs } of found ?? []) {
      // Former leaders have reported what is older.
      if (ageMs > 2 * everyMs || !this.#isDue(`${user} ${what}`, nowMs)) continue;
      refusals.record(`Redis refused its user ${user} ${what}, from ${address}`);
    }
  }

  #isDue(kind: string, nowMs: number): boolean {
    const lastMs = this.#reported.get(kind);
    if (lastMs !== undefined && nowMs - lastMs < reportEveryMs) return false;
    if (this.#reported.size >= maxKinds) this.#reported.clear();
    this.#reported.set(kind, nowMs);
    return true;
  }
}
