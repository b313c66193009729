import { confirm, end, failAttempt, isConfirmed, isFinal, release, run, supersededReason } from '../command-state.ts';
import type { CommandNote, Noted } from '../commands.ts';
import { type CommandRow, type CommandTable, toStatus } from './command-table.ts';

/** Inside a caller's transaction, after the device's commands are settled. */
export function noteCommand(table: CommandTable, note: CommandNote, nowMs: number): Omit<Noted, 'more'> {
  const row = table.read(note.device, note.id, nowMs);
  if (!row) return { verdict: 'unknown', status: undefined };
  if (row.stage === 'ended') return { verdict: 'stale', status: toStatus(row) };
  const noted = apply(table, row, note, nowMs);
  if (!noted) return { verdict: 'stale', status: toStatus(row) };
  table.save(noted);
  // That a later session has it too is news for the next `take`, not for who asks about the command.
  const isStale = note.kind === 'delivered' && isConfirmed(row);
  const isToldWhere = note.kind === 'released' || note.kind === 'attempt-failed';
  if (isStale || isToldWhere) return { verdict: isStale ? 'stale' : 'noted', status: toStatus(noted) };
  return { verdict: 'noted', status: undefined };
}

function apply(table: CommandTable, row: CommandRow, note: CommandNote, nowMs: number): CommandRow | undefined {
  switch (note.kind) {
    case 'delivered':
      return confirm(row, nowMs);
    case 'running': {
      const { progress, statistics } = note;
      const said = { ...row.said, ...(progress ? { progress } : {}), ...(statistics ? { statistics } : {}) };
      return { ...run(row, nowMs), said };
    }
    case 'ended':
      return applyResult(row, note, nowMs);
    case 'released': {
      const released = release(row, note.epoch, nowMs);
      return released?.stage === 'queued' ? collapse(table, released, nowMs) : released;
    }
    case 'attempt-failed':
      return withoutProgress(failAttempt(row, note, nowMs));
    default:
      return note satisfies never;
  }
}

/** Of what was said while it ran only the last statistics are part of the result. */
function applyResult(row: CommandRow, note: CommandNote & { kind: 'ended' }, nowMs: number): CommandRow {
  if (!isFinal(note.outcome)) throw new TypeError(`${note.outcome} ends no command`);
  const statistics = note.statistics ?? row.said.statistics;
  const said = { ...(statistics ? { statistics } : {}), ...(note.alreadyEnded ? { alreadyEnded: true } : {}) };
  return { ...end(row, note.outcome, note.reason, nowMs), said, output: note.output ?? null };
}

/** What was said while it ran is no part of its end. */
function withoutProgress(row: CommandRow | undefined): CommandRow | undefined {
  if (row?.stage !== 'ended') return row;
  const { progress, ...said } = row.said;
  return { ...row, said };
}

/** While it was away, a newer one with its collapse key may have come. */
function collapse(table: CommandTable, row: CommandRow, nowMs: number): CommandRow {
  const newer = table.findWaiting(row.device, row.collapseKey);
  return newer ? end(row, 'OUTCOME_SUPERSEDED', supersededReason.collapsed(newer.id), nowMs) : row;
}
