import { type common, hasEnded, type node, readResult } from '@pushfleet/protocol';
import type { StoredStatus } from '@pushfleet/registry';

/** The further a command has come, the greater; those that are not listed are final. */
const outcomeRanks: Partial<Record<common.Outcome, number>> = {
  OUTCOME_UNSPECIFIED: 0,
  OUTCOME_QUEUED: 1,
  OUTCOME_ROUTED: 2,
  OUTCOME_DELIVERED: 3,
  OUTCOME_RUNNING: 4,
};

/** The reason of a command that is subscribed to and that the registry has no longer. */
export const forgottenReason = 'the registry has lost the command';

/**
 * The status of a durable command by a worker's report. `undefined`: only the registry can tell.
 * @param atMs By the registry's clock.
 */
export function readReport(report: node.CommandReport, atMs: number): StoredStatus | undefined {
  if (report.report === 'delivered') return { outcome: 'OUTCOME_DELIVERED', reason: '', atMs };
  const said = report.report === 'result' && report.result ? readResult(report.result) : undefined;
  return said && { ...said, atMs };
}

/**
 * The status after one that comes in, from a worker or the registry; either may be late. `undefined`: it says nothing new. The
 * rank of a command's outcome falls only where it was ROUTED and given back.
 */
export function mergeStatus(before: StoredStatus | undefined, next: StoredStatus): StoredStatus | undefined {
  if (!before) return next;
  const rise = rankOf(next.outcome) - rankOf(before.outcome);
  const givenBack = before.outcome === 'OUTCOME_ROUTED' && next.outcome === 'OUTCOME_QUEUED';
  if (rise < 0 && !givenBack) return undefined;
  const cancelRequested = next.cancelRequested || before.cancelRequested;
  const statistics = next.statistics ?? before.statistics;
  const merged: StoredStatus = { ...next };
  if (cancelRequested) merged.cancelRequested = true;
  if (statistics) merged.statistics = statistics;
  if (rise !== 0 || hasEnded(next.outcome)) return merged;
  merged.atMs = before.atMs;
  const progress = next.progress ?? before.progress;
  if (progress) merged.progress = progress;
  return isSame(before, merged) ? undefined : merged;
}

function isSame(one: StoredStatus, other: StoredStatus): boolean {
  if (one.cancelRequested !== other.cancelRequested || one.reason !== other.reason) return false;
  if (one.statistics !== other.statistics && one.statistics?.atMs !== other.statistics?.atMs) return false;
  return isSameProgress(one.progress, other.progress);
}

function isSameProgress(one: common.Progress | undefined, other: common.Progress | undefined): boolean {
  return one?.percent === other?.percent && one?.message === other?.message;
}

/** Final outcomes all have the same rank. */
function rankOf(outcome: common.Outcome): number {
  return outcomeRanks[outcome] ?? 5;
}
