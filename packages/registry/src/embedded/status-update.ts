import { hasEnded, isConfirmed } from '@pushfleet/protocol';
import { confirm, end, failAttempt, release, run, supersededBy } from '../command-state.ts';
import type { StatusUpdate, StatusUpdateResult } from '../commands.ts';
import { type CommandRow, toStatus } from './command-row.ts';
import type { CommandTable } from './command-table.ts';

/** Inside a caller's transaction, after the device's commands are settled. */
export function updateStatus(
  table: CommandTable,
  update: StatusUpdate,
  nowMs: number,
): Omit<StatusUpdateResult, 'more'> {
  const row = table.read(update.device, update.id, nowMs);
  if (!row) return { verdict: 'unknown', status: undefined };
  if (row.stage === 'ended') return { verdict: 'stale', status: toStatus(row) };
  const applied = apply(table, row, update, nowMs);
  if (!applied) return { verdict: 'stale', status: toStatus(row) };
  table.save(applied);
  // That a later session has it too concerns the next `take`, not who asks about the command.
  const isStale = update.kind === 'delivered' && isConfirmed(row.outcome);
  const saysWhere = update.kind === 'released' || update.kind === 'attempt-failed';
  if (isStale || saysWhere) return { verdict: isStale ? 'stale' : 'applied', status: toStatus(applied) };
  return { verdict: 'applied', status: undefined };
}

function apply(table: CommandTable, row: CommandRow, update: StatusUpdate, nowMs: number): CommandRow | undefined {
  switch (update.kind) {
    case 'delivered':
      return confirm(row, nowMs);
    case 'running': {
      const { progress, statistics } = update;
      const details = { ...row.details, ...(progress ? { progress } : {}), ...(statistics ? { statistics } : {}) };
      return { ...run(row, nowMs), details };
    }
    case 'ended':
      return applyResult(row, update, nowMs);
    case 'released': {
      const released = release(row, update.epoch, nowMs);
      return released?.stage === 'queued' ? collapse(table, released, nowMs) : released;
    }
    case 'attempt-failed':
      return withoutProgress(failAttempt(row, update, nowMs));
    default:
      return update satisfies never;
  }
}

/** Ends the command. Its last statistics are part of the result; its progress is not. */
function applyResult(row: CommandRow, update: StatusUpdate & { kind: 'ended' }, nowMs: number): CommandRow {
  if (!hasEnded(update.outcome)) throw new TypeError(`${update.outcome} ends no command`);
  const statistics = update.statistics ?? row.details.statistics;
  const details = { ...(statistics ? { statistics } : {}), ...(update.alreadyEnded ? { alreadyEnded: true } : {}) };
  return { ...end(row, update.outcome, update.reason, nowMs), details, output: update.output ?? null };
}

/** Drops the progress of a command that has ended. */
function withoutProgress(row: CommandRow | undefined): CommandRow | undefined {
  if (row?.stage !== 'ended') return row;
  const { progress, ...details } = row.details;
  return { ...row, details };
}

/** While it was away, a newer one with its collapse key may have come. */
function collapse(table: CommandTable, row: CommandRow, nowMs: number): CommandRow {
  const newer = table.findWaiting(row.device, row.collapseKey);
  return newer ? end(row, 'OUTCOME_SUPERSEDED', supersededBy(newer.id, 'collapsed'), nowMs) : row;
}
