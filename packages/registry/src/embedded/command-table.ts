import { type CommandId, type DeviceId, packOperation, unpackOperation } from '@pushfleet/protocol';
import {
  deletedReason,
  end,
  keptOperation,
  keptPayloadBytes,
  lapse,
  maxEnded,
  type Stage,
  supersededBy,
} from '../command-state.ts';
import { type EndedPlace, endedPageBytes } from '../commands.ts';
import {
  type CommandRow,
  changedValues,
  insertedValues,
  insertSql,
  type StoredRow,
  selectBriefSql,
  selectSql,
  toRow,
  updateSql,
} from './command-row.ts';
import { asBuffer, type Database } from './database.ts';
import type { SqlValues } from './statement.ts';

/** The table of commands. Every method runs inside a transaction of its caller. */
export class CommandTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The command as time has left it, whether or not that has been written. */
  read(device: DeviceId, id: CommandId, nowMs: number): CommandRow | undefined {
    const row = this.#select('device_id = :device AND command_id = :id', { device, id })[0];
    return row && lapse(row, nowMs);
  }

  findByIdempotencyKey(device: DeviceId, key: string): CommandRow | undefined {
    if (key === '') return undefined;
    return this.#select("device_id = :device AND idempotency_key = :key AND idempotency_key <> ''", { device, key })[0];
  }

  /** Best first. */
  list(device: DeviceId, stage: Stage, limit = -1): CommandRow[] {
    const where = 'device_id = :device AND stage = :stage ORDER BY priority, sequence LIMIT :limit';
    return this.#select(where, { device, stage, limit });
  }

  /** Taken ones first, as time has left them. */
  listUnended(device: DeviceId, nowMs: number): CommandRow[] {
    const where = `device_id = :device AND stage <> 'ended' ORDER BY stage = 'queued', priority, sequence`;
    const rows = this.#select(where, { device }).map((row) => lapse(row, nowMs));
    return rows.filter((row) => row !== undefined && row.stage !== 'ended') as CommandRow[];
  }

  /** See `Commands.listEnded`; of what is settled. */
  listEnded(device: DeviceId, limit: number, after: EndedPlace, nowMs: number): { rows: CommandRow[]; more: boolean } {
    const sql = `SELECT sequence, length(operation) + coalesce(min(octet_length(output), :brief), 0) AS bytes FROM commands
      WHERE device_id = :device AND stage = 'ended' AND due_at_ms > :nowMs AND due_at_ms <= :keptUntilMs
        AND (due_at_ms < :keptUntilMs OR command_id < :id)
      ORDER BY due_at_ms DESC, command_id DESC LIMIT :limit`;
    const values = { device, nowMs, brief: keptPayloadBytes, ...after, limit: limit + 1 };
    const found = this.#database.all<{ sequence: number; bytes: number }>(sql, values);
    const sequences: number[] = [];
    for (let bytes = 0; sequences.length < limit && bytes < endedPageBytes; ) {
      const next = found[sequences.length];
      if (!next) break;
      sequences.push(next.sequence);
      bytes += next.bytes;
    }
    const rows = this.#database.all<StoredRow>(
      `${selectBriefSql} WHERE sequence IN (SELECT value FROM json_each(:sequences))
        ORDER BY due_at_ms DESC, command_id DESC`,
      { sequences: JSON.stringify(sequences) },
    );
    return { rows: rows.map(toRow), more: found.length > sequences.length };
  }

  count(device: DeviceId, stage: Stage): number {
    const sql = 'SELECT count(*) AS count FROM commands WHERE device_id = :device AND stage = :stage';
    return this.#database.get<{ count: number }>(sql, { device, stage })?.count ?? 0;
  }

  unended(device: DeviceId): { commands: number; bytes: number } {
    const sql = `SELECT count(*) AS commands, coalesce(sum(bytes), 0) AS bytes FROM commands
      WHERE device_id = :device AND stage IN ('queued', 'in-flight', 'taken')`;
    return this.#database.get<{ commands: number; bytes: number }>(sql, { device }) ?? { commands: 0, bytes: 0 };
  }

  hasUnended(device: DeviceId, nowMs: number): boolean {
    this.settle(device, nowMs);
    const sql = "SELECT 1 FROM commands WHERE device_id = :device AND stage <> 'ended' LIMIT 1";
    return this.#database.get(sql, { device }) !== undefined;
  }

  insert(row: Omit<CommandRow, 'sequence'>): void {
    this.#database.run(insertSql, insertedValues(row));
    if (row.stage === 'ended') this.#forgetOldest(row.device);
  }

  save(row: CommandRow): void {
    this.#database.run(updateSql, Object.assign(changedValues(row), { sequence: row.sequence }));
    if (row.stage !== 'ended') return;
    if (row.bytes > keptPayloadBytes) this.#dropPayload(row);
    this.#forgetOldest(row.device);
  }

  #dropPayload({ operation, sequence }: CommandRow): void {
    const kept = keptOperation(unpackOperation(asBuffer(operation)));
    if (!kept) return;
    const sql = 'UPDATE commands SET operation = :operation WHERE sequence = :sequence';
    this.#database.run(sql, { operation: packOperation(kept), sequence });
  }

  /** Ends the one that waits with this collapse key, for a newer one. */
  collapse(device: DeviceId, key: string, newer: CommandId, nowMs: number): void {
    const waiting = this.findWaiting(device, key);
    if (waiting) this.save(end(waiting, 'OUTCOME_SUPERSEDED', supersededBy(newer, 'collapsed'), nowMs));
  }

  findWaiting(device: DeviceId, collapseKey: string): CommandRow | undefined {
    if (collapseKey === '') return undefined;
    return this.#select("device_id = :device AND stage = 'queued' AND collapse_key = :collapseKey", {
      device,
      collapseKey,
    })[0];
  }

  /** Writes what time has done to the device's commands. */
  settle(device: DeviceId, nowMs: number): void {
    const where = "device_id = :device AND stage <> 'ended' AND due_at_ms <= :nowMs";
    for (const row of this.#select(where, { device, nowMs })) this.#settleRow(row, nowMs);
  }

  /** Writes what time has done to those of any device: a few at each write keep up with any number of them. */
  settleOldest(nowMs: number): void {
    const where = 'due_at_ms <= :nowMs ORDER BY due_at_ms LIMIT 4';
    for (const row of this.#select(where, { nowMs })) this.#settleRow(row, nowMs);
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
    this.#database.run("DELETE FROM commands WHERE device_id = :device AND stage = 'ended'", { device });
    this.#database.run("UPDATE commands SET idempotency_key = '' WHERE device_id = :device", { device });
    for (const row of this.#select('device_id = :device', { device })) {
      if (row.stage === 'queued') this.save(end(row, 'OUTCOME_CANCELLED', deletedReason.queued, nowMs));
      else this.save(end(row, 'OUTCOME_UNKNOWN', deletedReason.taken, nowMs));
    }
  }

  /** Frees the id and the key of what has been kept long enough. */
  forgetEnded(device: DeviceId, id: CommandId, idempotencyKey: string, nowMs: number): void {
    const sql = `DELETE FROM commands WHERE stage = 'ended' AND due_at_ms <= :nowMs AND device_id = :device`;
    this.#database.run(`${sql} AND command_id = :id`, { nowMs, device, id });
    if (idempotencyKey === '') return;
    this.#database.run(`${sql} AND idempotency_key = :key AND idempotency_key <> ''`, {
      nowMs,
      device,
      key: idempotencyKey,
    });
  }

  /** Keeps of a device's ended commands the `maxEnded` that are to be kept longest. */
  #forgetOldest(device: DeviceId): void {
    const beyond = `SELECT sequence FROM commands WHERE device_id = :device AND stage = 'ended'
      ORDER BY due_at_ms DESC, sequence DESC LIMIT -1 OFFSET :maxEnded`;
    this.#database.run(`DELETE FROM commands WHERE sequence IN (${beyond})`, { device, maxEnded });
  }

  #forget({ sequence }: CommandRow): void {
    this.#database.run('DELETE FROM commands WHERE sequence = :sequence', { sequence });
  }

  #select(where: string, values: SqlValues): CommandRow[] {
    return this.#database.all<StoredRow>(`${selectSql} WHERE ${where}`, values).map(toRow);
  }
}
