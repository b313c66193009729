import { common } from '@pushfleet/protocol';

/** Up to here a command is still under way; the further, the greater. */
const rungs: Partial<Record<common.Outcome, number>> = {
  OUTCOME_UNSPECIFIED: 0,
  OUTCOME_QUEUED: 1,
  OUTCOME_ROUTED: 2,
  OUTCOME_DELIVERED: 3,
  OUTCOME_RUNNING: 4,
};

/** The outcome is final. */
export function hasEnded(outcome: common.Outcome): boolean {
  return rungs[outcome] === undefined;
}

/** How far up the ladder; all that are final stand at the same height. */
export function heightOf(outcome: common.Outcome): number {
  return rungs[outcome] ?? 5;
}

/** The device has said that it has the command. */
export function isConfirmed(outcome: common.Outcome): boolean {
  return outcome === common.Outcome.OUTCOME_DELIVERED || outcome === common.Outcome.OUTCOME_RUNNING;
}
