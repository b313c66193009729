import type { CommandId, common, DeviceId, GroupPushId } from '@pushfleet/protocol';
import { firstEndedRank, outcomeOf, rankOf } from '../command-state.ts';
import type {
  DesiredState,
  DeviceOutcome,
  GroupPushes,
  GroupPushRecord,
  GroupPushView,
  OutcomeCounts,
} from '../group-pushes.ts';
import { keepEndedPushMs, listedPushes, packGroupPush, unpackGroupPush } from '../group-pushes.ts';
import { asBuffer, type Database } from './database.ts';

interface Row {
  record: string;
  operation: Uint8Array;
  desiredState: DesiredState;
  leaseToken: number;
}

interface OutcomeRow {
  device: DeviceId;
  command: CommandId;
  outcome: number;
  reason: string;
  atMs: number;
}

const columns = 'record, operation, desired_state AS desiredState, lease_token AS leaseToken';
const isKept = 'coalesce(forget_at_ms > :nowMs, 1)';

export class EmbeddedGroupPushes implements GroupPushes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(record: GroupPushRecord): Promise<{ kind: 'created' | 'known'; view: GroupPushView }> {
    return this.#database.write(() => {
      this.#forgetSome();
      const known = this.#findKnown(record);
      if (known) return { kind: 'known', view: known };
      this.#insert(record);
      return { kind: 'created', view: { ...record, counts: {}, desiredState: 'running' } };
    });
  }

  async get(id: GroupPushId): Promise<GroupPushView | undefined> {
    return this.#database.read(() => this.#view(id));
  }

  async list(): Promise<GroupPushView[]> {
    return this.#database.read(() => {
      const sql = `SELECT push_id AS id FROM group_pushes WHERE ${isKept} ORDER BY started_at_ms DESC, push_id DESC LIMIT :limit`;
      const values = { nowMs: this.#database.wallMs(), limit: listedPushes };
      const rows = this.#database.all<{ id: GroupPushId }>(sql, values);
      return rows.map(({ id }) => this.#view(id)).filter((view) => view !== undefined);
    });
  }

  async active(): Promise<GroupPushId[]> {
    const sql = 'SELECT push_id AS id FROM group_pushes WHERE forget_at_ms IS NULL ORDER BY push_id';
    const rows = await this.#database.read(() => this.#database.all<{ id: GroupPushId }>(sql));
    return rows.map(({ id }) => id);
  }

  async advance(
    record: GroupPushRecord,
    outcomes: readonly DeviceOutcome[],
    leaseToken: number,
  ): Promise<GroupPushView | undefined> {
    return this.#database.write(() => {
      this.#forgetSome();
      const stored = this.#row(record.id);
      if (!stored || stored.leaseToken > leaseToken) return undefined;
      this.#update(record, leaseToken);
      this.#putOutcomes(record.id, outcomes);
      return { ...record, counts: this.#counts(record.id), desiredState: stored.desiredState };
    });
  }

  async setDesiredState(id: GroupPushId, desiredState: DesiredState): Promise<GroupPushView | undefined> {
    return this.#database.write(() => {
      this.#database.run(
        "UPDATE group_pushes SET desired_state = :desiredState WHERE push_id = :id AND desired_state <> 'cancelled'",
        { desiredState, id },
      );
      return this.#view(id);
    });
  }

  async outcomes(
    id: GroupPushId,
    query: { after?: DeviceId; limit: number; outcomes?: readonly common.Outcome[] },
  ): Promise<DeviceOutcome[]> {
    const wanted = JSON.stringify(query.outcomes?.map(rankOf) ?? []);
    const sql = `SELECT device_id AS device, command_id AS command, outcome, reason, at_ms AS atMs
      FROM group_push_outcomes
      WHERE push_id = :id AND device_id > :after AND (:any OR outcome IN (SELECT value FROM json_each(:wanted)))
      ORDER BY device_id LIMIT :limit`;
    return this.#database.read(() => {
      if (!this.#row(id)) return [];
      const any = query.outcomes === undefined ? 1 : 0;
      const rows = this.#database.all<OutcomeRow>(sql, {
        id,
        after: query.after ?? '',
        any,
        wanted,
        limit: query.limit,
      });
      return rows.map((row) => ({ ...row, outcome: outcomeOf(row.outcome) }));
    });
  }

  #view(id: GroupPushId): GroupPushView | undefined {
    const row = this.#row(id);
    if (!row) return undefined;
    return {
      ...unpackGroupPush(row.record, asBuffer(row.operation)),
      counts: this.#counts(id),
      desiredState: row.desiredState,
    };
  }

  #row(id: GroupPushId): Row | undefined {
    const sql = `SELECT ${columns} FROM group_pushes WHERE push_id = :id AND ${isKept}`;
    return this.#database.get<Row>(sql, { id, nowMs: this.#database.wallMs() });
  }

  #counts(id: GroupPushId): OutcomeCounts {
    const sql = 'SELECT outcome, devices FROM group_push_counts WHERE push_id = :id AND devices > 0';
    const rows = this.#database.all<{ outcome: number; devices: number }>(sql, { id });
    return Object.fromEntries(rows.map(({ outcome, devices }) => [outcomeOf(outcome), devices]));
  }

  #findKnown({ id, request }: GroupPushRecord): GroupPushView | undefined {
    const sql = `SELECT push_id AS id FROM group_pushes WHERE idempotency_key = :key AND idempotency_key <> '' AND ${isKept}`;
    const known = this.#database.get<{ id: GroupPushId }>(sql, {
      key: request.idempotencyKey,
      nowMs: this.#database.wallMs(),
    });
    return this.#view(known?.id ?? id);
  }

  #insert(record: GroupPushRecord): void {
    const { json, operation } = packGroupPush(record);
    const { idempotencyKey } = record.request;
    // One with this key that is past its time may still be there.
    const free =
      "UPDATE group_pushes SET idempotency_key = '' WHERE idempotency_key = :idempotencyKey AND idempotency_key <> ''";
    this.#database.run(free, { idempotencyKey });
    this.#database.run(
      `INSERT INTO group_pushes (push_id, record, operation, idempotency_key, desired_state, lease_token, started_at_ms,
         forget_at_ms) VALUES (:id, :json, :operation, :idempotencyKey, 'running', -1, :startedAtMs, :forgetAtMs)`,
      {
        id: record.id,
        json,
        operation,
        idempotencyKey,
        startedAtMs: record.startedAtMs,
        forgetAtMs: this.#forgetAt(record),
      },
    );
  }

  #update(record: GroupPushRecord, leaseToken: number): void {
    const sql = `UPDATE group_pushes SET record = :json, lease_token = :leaseToken, forget_at_ms = :forgetAtMs
      WHERE push_id = :id`;
    const { json } = packGroupPush(record);
    this.#database.run(sql, { json, leaseToken, forgetAtMs: this.#forgetAt(record), id: record.id });
  }

  #putOutcomes(id: GroupPushId, outcomes: readonly DeviceOutcome[]): void {
    const changes = new Map<number, number>();
    const change = (rank: number, by: number) => changes.set(rank, (changes.get(rank) ?? 0) + by);
    for (const outcome of outcomes) this.#putOutcome(id, outcome, change);
    for (const [rank, by] of changes) this.#count(id, rank, by);
  }

  #putOutcome(id: GroupPushId, next: DeviceOutcome, change: (rank: number, by: number) => void): void {
    const { device, command, outcome, reason, atMs } = next;
    const find = 'SELECT outcome FROM group_push_outcomes WHERE push_id = :id AND device_id = :device';
    const before = this.#database.get<{ outcome: number }>(find, { id, device })?.outcome;
    if (before !== undefined && before >= firstEndedRank) return;
    const rank = rankOf(outcome);
    const put = `INSERT OR REPLACE INTO group_push_outcomes (push_id, device_id, command_id, outcome, reason, at_ms)
      VALUES (:id, :device, :command, :rank, :reason, :atMs)`;
    this.#database.run(put, { id, device, command, rank, reason, atMs });
    change(rank, 1);
    if (before !== undefined) change(before, -1);
  }

  #count(id: GroupPushId, rank: number, change: number): void {
    const sql = `INSERT INTO group_push_counts (push_id, outcome, devices) VALUES (:id, :rank, :change)
      ON CONFLICT (push_id, outcome) DO UPDATE SET devices = devices + :change`;
    this.#database.run(sql, { id, rank, change });
  }

  /** A part of one at each write, so that no write takes long. */
  #forgetSome(): void {
    const sql = 'SELECT push_id AS id FROM group_pushes WHERE forget_at_ms <= :nowMs LIMIT 1';
    const old = this.#database.get<{ id: string }>(sql, { nowMs: this.#database.wallMs() });
    if (!old) return;
    const some = `DELETE FROM group_push_outcomes WHERE push_id = :id AND device_id IN
      (SELECT device_id FROM group_push_outcomes WHERE push_id = :id LIMIT 1000)`;
    if (this.#database.run(some, old) > 0) return;
    this.#database.run('DELETE FROM group_push_counts WHERE push_id = :id', old);
    this.#database.run('DELETE FROM group_pushes WHERE push_id = :id', old);
  }

  #forgetAt({ endedAtMs }: GroupPushRecord): number | null {
    return endedAtMs === undefined ? null : this.#database.wallMs() + keepEndedPushMs;
  }
}
