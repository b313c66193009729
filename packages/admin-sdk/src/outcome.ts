import { common } from '@pushfleet/protocol';

/** An outcome as the ladder names it. */
export type OutcomeName =
  Exclude<common.Outcome, 'OUTCOME_UNKNOWN'> extends `OUTCOME_${infer Name}` ? Name | 'OUTCOME_UNKNOWN' : never;

/**
 * The name without the prefix that protobuf asks for: `OUTCOME_SUCCEEDED` is `SUCCEEDED`. `OUTCOME_UNKNOWN` stays
 * whole: a bare `UNKNOWN` reads like a value that this client does not know.
 */
export function outcomeName(outcome: common.Outcome): OutcomeName {
  return (outcome === 'OUTCOME_UNKNOWN' ? outcome : outcome.slice('OUTCOME_'.length)) as OutcomeName;
}

const underWay: ReadonlySet<common.Outcome> = new Set([
  common.Outcome.OUTCOME_UNSPECIFIED,
  common.Outcome.OUTCOME_QUEUED,
  common.Outcome.OUTCOME_ROUTED,
  common.Outcome.OUTCOME_DELIVERED,
  common.Outcome.OUTCOME_RUNNING,
]);

/** The command is over: its outcome never changes again. */
export function hasEnded(outcome: common.Outcome): boolean {
  return !underWay.has(outcome);
}
