import type { SQLInputValue } from 'node:sqlite';
import { type CommandId, type DeviceId, unpackOperation } from '@pushfleet/protocol';
import { type CommandState, dueAt, keptPayloadBytes, outcomeOf, priorities, rankOf } from '../command-state.ts';
import type { StoredCommand, StoredStatus } from '../commands.ts';
import { asBuffer } from './database.ts';
import type { SqlValues } from './statement.ts';

/** The part of a status that is said besides the outcome; JSON in the table. */
export type StatusDetails = Pick<StoredStatus, 'progress' | 'statistics' | 'alreadyEnded'>;

/** A command in the table. */
export interface CommandRow extends CommandState {
  /** Commands of one priority are sent in the order of it. */
  readonly sequence: number;
  readonly device: DeviceId;
  readonly id: CommandId;
  /** 0 is the most urgent. */
  readonly priority: number;
  readonly bytes: number;
  readonly acceptedAtMs: number;
  readonly collapseKey: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  details: StatusDetails;
  readonly operation: Uint8Array;
  output: Uint8Array | null;
}

/** Columns by the properties of a row: those that are written once … */
const fixedColumns = {
  device: 'device_id',
  id: 'command_id',
  priority: 'priority',
  bytes: 'bytes',
  acceptedAtMs: 'accepted_at_ms',
  deliverByMs: 'deliver_by_ms',
  finishByMs: 'finish_by_ms',
  keepEndedMs: 'keep_ended_ms',
  collapseKey: 'collapse_key',
  idempotencyKey: 'idempotency_key',
  fingerprint: 'fingerprint',
  operation: 'operation',
} as const;

/** … and those that change during a command's life. */
const changingColumns = {
  stage: 'stage',
  outcome: 'outcome',
  reason: 'reason',
  atMs: 'at_ms',
  epoch: 'epoch',
  nodeId: 'node_id',
  routedAtMs: 'routed_at_ms',
  deliveredAtMs: 'delivered_at_ms',
  runningAtMs: 'running_at_ms',
  isUnconfirmed: 'unconfirmed',
  maybeSent: 'maybe_sent',
  cancelRequested: 'cancel_requested',
  failedWeight: 'failed_weight',
  failedEpoch: 'failed_epoch',
  details: 'details',
  output: 'output',
} as const;

const read: Record<keyof CommandRow, string> = { sequence: 'sequence', ...fixedColumns, ...changingColumns };
/** `due_at_ms` follows from the others: it is written with them, and looked for. */
const changed = { ...changingColumns, dueAtMs: 'due_at_ms' };
const inserted = { ...fixedColumns, ...changed };

export const selectSql = `SELECT ${join(read, (property, column) => `${column} AS ${property}`)} FROM commands`;
/** The same without outputs and statistics of more than 4 KiB. */
const briefColumns = {
  ...read,
  output: `CASE WHEN octet_length(output) > ${keptPayloadBytes} THEN NULL ELSE output END`,
  details: `CASE WHEN octet_length(json_extract(details, '$.statistics')) > ${keptPayloadBytes}
    THEN json_remove(details, '$.statistics') ELSE details END`,
};
export const selectBriefSql = `SELECT ${join(briefColumns, (property, column) => `${column} AS ${property}`)} FROM commands`;
export const insertSql = `INSERT INTO commands (${join(inserted, (_, column) => column)})
  VALUES (${join(inserted, (property) => `:${property}`)})`;
export const updateSql = `UPDATE commands SET ${join(changed, (property, column) => `${column} = :${property}`)}
  WHERE sequence = :sequence`;

/** A row as SQLite has it. */
export type StoredRow = Omit<CommandRow, 'outcome' | 'details' | 'isUnconfirmed' | 'maybeSent' | 'cancelRequested'> & {
  outcome: number;
  details: string;
  isUnconfirmed: number;
  maybeSent: number;
  cancelRequested: number;
};

export function toRow(stored: StoredRow): CommandRow {
  return {
    ...stored,
    outcome: outcomeOf(stored.outcome),
    details: JSON.parse(stored.details),
    isUnconfirmed: stored.isUnconfirmed === 1,
    maybeSent: stored.maybeSent === 1,
    cancelRequested: stored.cancelRequested === 1,
  };
}

/** The values of `insertSql`. */
export function insertedValues(row: Omit<CommandRow, 'sequence'>): SqlValues {
  return { ...row, ...changedValues(row) };
}

/** The values of `updateSql`, but for the sequence number. */
export function changedValues(row: Omit<CommandRow, 'sequence'>): Record<keyof typeof changed, SQLInputValue> {
  return {
    stage: row.stage,
    outcome: rankOf(row.outcome),
    reason: row.reason,
    atMs: row.atMs,
    epoch: row.epoch,
    nodeId: row.nodeId,
    routedAtMs: row.routedAtMs,
    deliveredAtMs: row.deliveredAtMs,
    runningAtMs: row.runningAtMs,
    isUnconfirmed: Number(row.isUnconfirmed),
    maybeSent: Number(row.maybeSent),
    cancelRequested: Number(row.cancelRequested),
    failedWeight: row.failedWeight,
    failedEpoch: row.failedEpoch,
    details: JSON.stringify(row.details),
    output: row.output,
    dueAtMs: dueAt(row),
  };
}

export function toStatus(row: CommandRow): StoredStatus {
  const { outcome, reason, atMs, output, cancelRequested, details } = row;
  return {
    outcome,
    reason,
    atMs,
    ...details,
    ...(output ? { output: asBuffer(output) } : {}),
    ...(cancelRequested ? { cancelRequested } : {}),
  };
}

export function toStored(row: Omit<CommandRow, 'sequence'>): StoredCommand {
  const { id, device, collapseKey, idempotencyKey, nodeId, acceptedAtMs, deliverByMs, finishByMs } = row;
  return {
    id,
    device,
    operation: unpackOperation(asBuffer(row.operation)),
    priority: priorities[row.priority] ?? 'normal',
    collapseKey,
    idempotencyKey,
    status: toStatus(row as CommandRow),
    nodeId,
    acceptedAtMs,
    deliverByMs,
    finishByMs,
    ...(row.routedAtMs ? { routedAtMs: row.routedAtMs } : {}),
    ...(row.deliveredAtMs ? { deliveredAtMs: row.deliveredAtMs } : {}),
    ...(row.runningAtMs ? { runningAtMs: row.runningAtMs } : {}),
  };
}

function join(columns: Readonly<Record<string, string>>, render: (property: string, column: string) => string): string {
  return Object.entries(columns)
    .map(([property, column]) => render(property, column))
    .join(', ');
}
