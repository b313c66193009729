import { common, hasEnded } from '@pushfleet/protocol';
import type { OutcomeCounts } from '@pushfleet/registry';

/** Where a command stands that is still under way. */
export const liveOutcomes = Object.values(common.Outcome).filter(
  (outcome) => !hasEnded(outcome) && outcome !== 'OUTCOME_UNSPECIFIED',
);

/** How many commands went out, how many of them have ended, and how many of these did not succeed. */
export interface Tally {
  out: number;
  ended: number;
  failed: number;
}

export function countEnd(tally: Tally, outcome: common.Outcome): void {
  tally.ended += 1;
  if (outcome !== 'OUTCOME_SUCCEEDED') tally.failed += 1;
}

export function tally(counts: OutcomeCounts): Tally {
  const result: Tally = { out: 0, ended: 0, failed: 0 };
  for (const outcome of Object.values(common.Outcome)) {
    const devices = counts[outcome] ?? 0;
    result.out += devices;
    if (!hasEnded(outcome)) continue;
    result.ended += devices;
    if (outcome !== 'OUTCOME_SUCCEEDED') result.failed += devices;
  }
  return result;
}
