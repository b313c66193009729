import type { common } from '@pushfleet/protocol';

export interface Entry {
  commandId: string;
  deviceId: string;
}

/** The outcome of an accepted command, beside what its device has in its own log. */
export interface Account extends Entry {
  outcome: common.Outcome | 'lost';
  /** How often the device ran it. */
  runs: number;
  /** A cancel was answered: it is withdrawn, and had not been sent. */
  neverSent: boolean;
}

/** Records the commands that were accepted and those that devices ran, to compare the two. */
export class CommandAudit {
  readonly #accepted = new Map<string, Entry>();
  readonly #runs = new Map<string, number>();
  readonly #neverSent = new Set<string>();

  get accepted(): Entry[] {
    return [...this.#accepted.values()];
  }

  accept(entry: Entry): void {
    this.#accepted.set(entry.commandId, entry);
  }

  /** The device's own log: it has begun to run this. */
  run(commandId: string): void {
    this.#runs.set(commandId, (this.#runs.get(commandId) ?? 0) + 1);
  }

  /** Its cancel was answered with CANCELLED; unless the device had been asked to give it up, it was never sent. */
  withdraw(commandId: string, cancelRequested: boolean): void {
    if (!cancelRequested) this.#neverSent.add(commandId);
  }

  account(outcomes: ReadonlyMap<string, common.Outcome>): Account[] {
    return this.accepted.map((entry) => ({
      ...entry,
      outcome: outcomes.get(entry.commandId) ?? 'lost',
      runs: this.#runs.get(entry.commandId) ?? 0,
      neverSent: this.#neverSent.has(entry.commandId),
    }));
  }
}

const saysRun: readonly Account['outcome'][] = ['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED'];
const saysNotRun: readonly Account['outcome'][] = ['OUTCOME_EXPIRED', 'OUTCOME_REJECTED', 'OUTCOME_SUPERSEDED'];

/** Accounts in which something is wrong: lost, not ended, run twice, or ended as something that did not happen. */
export function falseAccounts(accounts: readonly Account[]): Account[] {
  return accounts.filter(({ outcome, runs, neverSent }) => {
    if (runs > 1) return true;
    if (neverSent) return runs > 0 || outcome !== 'OUTCOME_CANCELLED';
    if (saysRun.includes(outcome)) return runs !== 1;
    if (saysNotRun.includes(outcome)) return runs !== 0;
    return outcome !== 'OUTCOME_UNKNOWN' && outcome !== 'OUTCOME_CANCELLED';
  });
}

export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
