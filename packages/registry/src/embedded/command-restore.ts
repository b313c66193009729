import { hasEnded, operationBytes, packOperation } from '@pushfleet/protocol';
import { keptOperation, lapse, priorities } from '../command-state.ts';
import type { ConfirmedCommand } from '../commands.ts';
import type { CommandRow } from './command-row.ts';
import type { CommandTable } from './command-table.ts';
import { updateStatus } from './status-update.ts';

/** Inside a caller's transaction, after the device's commands are settled; see `Commands.restore`. */
export function restoreCommand(
  table: CommandTable,
  command: ConfirmedCommand,
  keepEndedMs: number,
  nowMs: number,
): void {
  const { device, id, collapseKey, idempotencyKey, acceptedAtMs, status } = command;
  table.forgetEnded(device, id, idempotencyKey, nowMs);
  if (table.read(device, id, nowMs)) {
    if (hasEnded(status.outcome)) updateStatus(table, { ...status, kind: 'ended', device, id }, nowMs);
    return;
  }
  const row = lapse(hasEnded(status.outcome) ? endedRow(command, keepEndedMs) : sentRow(command, keepEndedMs), nowMs);
  if (!row) return;
  const older = table.findWaiting(device, collapseKey);
  if (older && older.acceptedAtMs <= acceptedAtMs) table.collapse(device, collapseKey, id, nowMs);
  // Whoever has asked again since has the key.
  const isTaken = table.findByIdempotencyKey(device, idempotencyKey) !== undefined;
  table.insert(isTaken ? { ...row, idempotencyKey: '' } : row);
}

type RestoredRow = Omit<CommandRow, 'sequence'>;

function endedRow(command: ConfirmedCommand, keepEndedMs: number): RestoredRow {
  const { outcome, reason, atMs, output, statistics, alreadyEnded } = command.status;
  return {
    ...sentRow(command, keepEndedMs),
    ...{ stage: 'ended', outcome, reason, atMs, isUnconfirmed: false, output: output ?? null },
    details: { ...(statistics ? { statistics } : {}), ...(alreadyEnded ? { alreadyEnded } : {}) },
    operation: packOperation(keptOperation(command.operation) ?? command.operation),
  };
}

/** A session that had it has it no longer: that of the device is to take it. */
function sentRow(command: ConfirmedCommand, keepEndedMs: number): RestoredRow {
  const { id, device, operation, priority, collapseKey, idempotencyKey, fingerprint, nodeId, status } = command;
  const { acceptedAtMs, deliverByMs, finishByMs, routedAtMs = acceptedAtMs } = command;
  const { deliveredAtMs = 0, runningAtMs = 0 } = command;
  return {
    ...{ device, id, priority: priorities.indexOf(priority), bytes: operationBytes(operation) },
    ...{ collapseKey, idempotencyKey, fingerprint, acceptedAtMs, deliverByMs, finishByMs, keepEndedMs },
    ...{ stage: 'in-flight', outcome: 'OUTCOME_ROUTED', reason: status.reason, atMs: routedAtMs },
    ...{ epoch: 0, nodeId, routedAtMs, deliveredAtMs, runningAtMs, isUnconfirmed: true, maybeSent: true },
    ...{ cancelRequested: status.cancelRequested ?? false, failedWeight: 0, failedEpoch: 0 },
    ...{ details: {}, operation: packOperation(operation), output: null },
  };
}
