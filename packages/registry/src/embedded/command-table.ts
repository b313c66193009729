import { type CommandId, type DeviceId, packOperation, unpackOperation } from '@pushfleet/protocol';
import {
  type CommandState,
  deletedReason,
  dueAt,
  end,
  keptOperation,
  keptPayloadBytes,
  lapse,
  maxEnded,
  outcomeOf,
  priorities,
  rankOf,
  type Stage,
  supersededBy,
} from '../command-state.ts';
import type { StoredCommand, StoredStatus } from '../commands.ts';
import { asBuffer, type Database } from './database.ts';

/** What a status says besides the outcome; JSON in the table. */
export type Said = Pick<StoredStatus, 'progress' | 'statistics' | 'alreadyEnded'>;

export interface CommandRow extends CommandState {
  readonly place: number;
  readonly device: DeviceId;
  readonly id: CommandId;
  /** 0 is the most urgent. */
  readonly priority: number;
  readonly bytes: number;
  readonly acceptedAtMs: number;
  readonly collapseKey: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  said: Said;
  readonly operation: Uint8Array;
  output: Uint8Array | null;
}

type RawRow = Omit<CommandRow, 'outcome' | 'said' | 'isUnconfirmed' | 'maybeSent' | 'cancelRequested'> & {
  outcome: number;
  said: string;
  isUnconfirmed: number;
  maybeSent: number;
  cancelRequested: number;
};

const columns = `place, device_id AS device, command_id AS id, priority, stage, outcome, reason, at_ms AS atMs, bytes,
  accepted_at_ms AS acceptedAtMs, deliver_by_ms AS deliverByMs, finish_by_ms AS finishByMs,
  keep_ended_ms AS keepEndedMs, epoch, node_id AS nodeId, routed_at_ms AS routedAtMs,
  delivered_at_ms AS deliveredAtMs, running_at_ms AS runningAtMs, unconfirmed AS isUnconfirmed,
  maybe_sent AS maybeSent, cancel_requested AS cancelRequested, collapse_key AS collapseKey,
  failed_weight AS failedWeight, failed_epoch AS failedEpoch,
  idempotency_key AS idempotencyKey, fingerprint, said, operation, output`;

/** Everything here is inside a caller's transaction. */
export class CommandTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** As time has left it, whether or not that has been written. */
  read(device: DeviceId, id: CommandId, nowMs: number): CommandRow | undefined {
    const row = this.#select('device_id = ? AND command_id = ?', device, id)[0];
    return row && lapse(row, nowMs);
  }

  findByIdempotencyKey(device: DeviceId, key: string): CommandRow | undefined {
    if (key === '') return undefined;
    return this.#select("device_id = ? AND idempotency_key = ? AND idempotency_key <> ''", device, key)[0];
  }

  /** Best first. */
  list(device: DeviceId, stage: Stage, limit = -1): CommandRow[] {
    const where = 'device_id = ? AND stage = ? ORDER BY priority, place LIMIT ?';
    return this.#select(where, device, stage, limit);
  }

  /** Taken ones first, as time has left them. */
  listUnended(device: DeviceId, nowMs: number): CommandRow[] {
    const where = `device_id = ? AND stage <> 'ended' ORDER BY stage = 'queued', priority, place`;
    const rows = this.#select(where, device).map((row) => lapse(row, nowMs));
    return rows.filter((row) => row !== undefined && row.stage !== 'ended') as CommandRow[];
  }

  count(device: DeviceId, stage: Stage): number {
    const sql = 'SELECT count(*) AS count FROM commands WHERE device_id = ? AND stage = ?';
    return this.#database.get<{ count: number }>(sql, device, stage)?.count ?? 0;
  }

  unended(device: DeviceId): { commands: number; bytes: number } {
    const sql = `SELECT count(*) AS commands, coalesce(sum(bytes), 0) AS bytes FROM commands
      WHERE device_id = ? AND stage IN ('queued', 'in-flight', 'taken')`;
    return this.#database.get<{ commands: number; bytes: number }>(sql, device) ?? { commands: 0, bytes: 0 };
  }

  hasUnended(device: DeviceId, nowMs: number): boolean {
    this.settle(device, nowMs);
    const sql = "SELECT 1 FROM commands WHERE device_id = ? AND stage <> 'ended' LIMIT 1";
    return this.#database.get(sql, device) !== undefined;
  }

  insert(row: Omit<CommandRow, 'place'>): void {
    this.#database.run(
      `INSERT INTO commands (device_id, command_id, priority, stage, outcome, reason, at_ms, due_at_ms, bytes,
         accepted_at_ms, deliver_by_ms, finish_by_ms, keep_ended_ms, epoch, node_id, routed_at_ms, delivered_at_ms,
         running_at_ms, unconfirmed, maybe_sent, cancel_requested, failed_weight, failed_epoch, collapse_key,
         idempotency_key, fingerprint, said, operation)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.device,
      row.id,
      row.priority,
      row.stage,
      rankOf(row.outcome),
      row.reason,
      row.atMs,
      dueAt(row),
      row.bytes,
      row.acceptedAtMs,
      row.deliverByMs,
      row.finishByMs,
      row.keepEndedMs,
      row.epoch,
      row.nodeId,
      row.routedAtMs,
      row.deliveredAtMs,
      row.runningAtMs,
      Number(row.isUnconfirmed),
      Number(row.maybeSent),
      Number(row.cancelRequested),
      row.failedWeight,
      row.failedEpoch,
      row.collapseKey,
      row.idempotencyKey,
      row.fingerprint,
      JSON.stringify(row.said),
      row.operation,
    );
  }

  save(row: CommandRow): void {
    this.#database.run(
      `UPDATE commands SET stage = ?, outcome = ?, reason = ?, at_ms = ?, due_at_ms = ?, epoch = ?, node_id = ?,
         routed_at_ms = ?, delivered_at_ms = ?, running_at_ms = ?, unconfirmed = ?, maybe_sent = ?,
         cancel_requested = ?, failed_weight = ?, failed_epoch = ?, said = ?, output = ? WHERE place = ?`,
      row.stage,
      rankOf(row.outcome),
      row.reason,
      row.atMs,
      dueAt(row),
      row.epoch,
      row.nodeId,
      row.routedAtMs,
      row.deliveredAtMs,
      row.runningAtMs,
      Number(row.isUnconfirmed),
      Number(row.maybeSent),
      Number(row.cancelRequested),
      row.failedWeight,
      row.failedEpoch,
      JSON.stringify(row.said),
      row.output,
      row.place,
    );
    if (row.stage !== 'ended') return;
    if (row.bytes > keptPayloadBytes) this.#dropPayload(row);
    this.#forgetOldest(row.device);
  }

  #dropPayload({ operation, place }: CommandRow): void {
    const kept = keptOperation(unpackOperation(asBuffer(operation)));
    if (kept) this.#database.run('UPDATE commands SET operation = ? WHERE place = ?', packOperation(kept), place);
  }

  /** Ends the one that waits with this collapse key, for a newer one. */
  collapse(device: DeviceId, key: string, newer: CommandId, nowMs: number): void {
    const waiting = this.findWaiting(device, key);
    if (waiting) this.save(end(waiting, 'OUTCOME_SUPERSEDED', supersededBy(newer, 'collapsed'), nowMs));
  }

  findWaiting(device: DeviceId, collapseKey: string): CommandRow | undefined {
    if (collapseKey === '') return undefined;
    return this.#select("device_id = ? AND stage = 'queued' AND collapse_key = ?", device, collapseKey)[0];
  }

  /** Writes what time has done to the device's commands. */
  settle(device: DeviceId, nowMs: number): void {
    const where = "device_id = ? AND stage <> 'ended' AND due_at_ms <= ?";
    for (const row of this.#select(where, device, nowMs)) this.#settleRow(row, nowMs);
  }

  /** Writes what time has done to those of any device: a few at each write keep up with any number of them. */
  settleOldest(nowMs: number): void {
    const where = 'due_at_ms <= ? ORDER BY due_at_ms LIMIT 4';
    for (const row of this.#select(where, nowMs)) this.#settleRow(row, nowMs);
  }

  #settleRow(row: CommandRow, nowMs: number): void {
    const settled = lapse(row, nowMs);
    if (settled) this.save(settled);
    else this.#forget(row);
  }

  /**
   * The device is no more: forgets those that have ended and ends the others, by whose idempotency keys nobody finds them
   * any more. What was taken may have been sent.
   */
  endAll(device: DeviceId, nowMs: number): void {
    this.settle(device, nowMs);
    this.#database.run("DELETE FROM commands WHERE device_id = ? AND stage = 'ended'", device);
    this.#database.run("UPDATE commands SET idempotency_key = '' WHERE device_id = ?", device);
    for (const row of this.#select('device_id = ?', device)) {
      if (row.stage === 'queued') this.save(end(row, 'OUTCOME_CANCELLED', deletedReason.queued, nowMs));
      else this.save(end(row, 'OUTCOME_UNKNOWN', deletedReason.taken, nowMs));
    }
  }

  /** Frees the id and the key of what has been kept long enough. */
  forgetEnded(device: DeviceId, id: CommandId, idempotencyKey: string, nowMs: number): void {
    const sql = `DELETE FROM commands WHERE stage = 'ended' AND due_at_ms <= ?1 AND device_id = ?2`;
    this.#database.run(`${sql} AND command_id = ?3`, nowMs, device, id);
    if (idempotencyKey === '') return;
    this.#database.run(`${sql} AND idempotency_key = ?3 AND idempotency_key <> ''`, nowMs, device, idempotencyKey);
  }

  /** Of those that have ended, the ones that would be kept longest stay. */
  #forgetOldest(device: DeviceId): void {
    const beyond = `SELECT place FROM commands WHERE device_id = ? AND stage = 'ended'
      ORDER BY due_at_ms DESC, place DESC LIMIT -1 OFFSET ?`;
    this.#database.run(`DELETE FROM commands WHERE place IN (${beyond})`, device, maxEnded);
  }

  #forget({ place }: CommandRow): void {
    this.#database.run('DELETE FROM commands WHERE place = ?', place);
  }

  #select(where: string, ...values: (string | number)[]): CommandRow[] {
    const rows = this.#database.all<RawRow>(`SELECT ${columns} FROM commands WHERE ${where}`, ...values);
    return rows.map((row) => ({
      ...row,
      outcome: outcomeOf(row.outcome),
      said: JSON.parse(row.said),
      isUnconfirmed: row.isUnconfirmed === 1,
      maybeSent: row.maybeSent === 1,
      cancelRequested: row.cancelRequested === 1,
    }));
  }
}

export function toStatus(row: CommandRow): StoredStatus {
  const { outcome, reason, atMs, output, cancelRequested, said } = row;
  return {
    outcome,
    reason,
    atMs,
    ...said,
    ...(output ? { output: asBuffer(output) } : {}),
    ...(cancelRequested ? { cancelRequested } : {}),
  };
}

export function toStored(row: Omit<CommandRow, 'place'>): StoredCommand {
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
