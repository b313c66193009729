import type { common } from '@pushfleet/protocol';

export { hasEnded } from '@pushfleet/protocol';

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
