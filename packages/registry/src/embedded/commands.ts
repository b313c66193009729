import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type CommandId,
  type DeviceId,
  type Epoch,
  hasEnded,
  isConfirmed,
  PushfleetError,
  unpackOperation,
} from '@pushfleet/protocol';
import { dueAt, end, isToSendAgain, rankOf, route, routeAgain } from '../command-state.ts';
import {
  type CancelResult,
  type Commands,
  type ConfirmedCommand,
  type EndedPlace,
  type FailedPut,
  failedUpdate,
  type NewCommand,
  type PutResult,
  type QueuePolicy,
  type StatusUpdate,
  type StatusUpdateResult,
  type StoredCommand,
  type StoredStatus,
  type TakenCommand,
} from '../commands.ts';
import type { SessionRef } from '../sessions.ts';
import { putCommand } from './command-put.ts';
import { restoreCommand } from './command-restore.ts';
import { type CommandRow, toStored } from './command-row.ts';
import { CommandTable } from './command-table.ts';
import { asBuffer, type Database } from './database.ts';
import { isDeleted } from './device-facts.ts';
import { findOpenSession, knownSession } from './sessions.ts';
import { updateStatus } from './status-update.ts';

/** How many items are written in one transaction: other processes wait for it, and so does everything else in this one. */
const sliceSize = 64;

/** In front of all that have ended. */
const firstPlace: EndedPlace = { keptUntilMs: Number.MAX_SAFE_INTEGER, id: '' as CommandId };

export class EmbeddedCommands implements Commands {
  readonly #database: Database;
  readonly #table: CommandTable;
  /** The last device that `overdue` looked at. */
  #lookedAt = '';

  constructor(database: Database) {
    this.#database = database;
    this.#table = new CommandTable(database);
  }

  async put(command: NewCommand, policy: QueuePolicy): Promise<PutResult> {
    const [put] = await this.putMany([command], policy);
    return put as PutResult;
  }

  async putMany(commands: readonly NewCommand[], policy: QueuePolicy): Promise<(PutResult | FailedPut)[]> {
    const one = (command: NewCommand, nowMs: number): PutResult => {
      if (isDeleted(this.#database, command.device)) return { kind: 'deleted' };
      this.#table.settle(command.device, nowMs);
      return putCommand(this.#table, command, policy, findOpenSession(this.#database, command.device), nowMs);
    };
    return this.#writeSlices<NewCommand, PutResult | FailedPut>(commands, one, (error) => ({ kind: 'failed', error }));
  }

  async take(device: DeviceId, epoch: Epoch, window: number, limit: number) {
    return this.#database.write(() => {
      const nowMs = this.#database.wallMs();
      this.#table.settle(device, nowMs);
      const known = knownSession(this.#database, device);
      const isOver = known && (known.epoch > epoch || (known.epoch === epoch && !known.isOpen));
      if (isOver) return { commands: [], more: false };
      const nodeId = known?.epoch === epoch ? known.nodeId : '';
      const taken = this.#listToSendAgain(device, epoch, nowMs);
      const again = this.#takeAgain(taken.first, epoch, nodeId, limit, nowMs);
      const room = Math.max(0, window - this.#table.count(device, 'in-flight'));
      const queued = this.#takeQueued(device, epoch, nodeId, Math.min(room, limit - again.length), nowMs);
      const left = limit - again.length - queued.length;
      const failed = this.#takeAgain(taken.last, epoch, nodeId, left, nowMs);
      const isMore = taken.first.length > again.length || taken.last.length > failed.length;
      return { commands: [...again, ...queued, ...failed], more: isMore || this.#hasMore(device, window) };
    });
  }

  async updateStatus(updates: readonly StatusUpdate[], window: number): Promise<StatusUpdateResult[]> {
    const one = (update: StatusUpdate, nowMs: number) => {
      this.#table.settle(update.device, nowMs);
      const applied = updateStatus(this.#table, update, nowMs);
      // What was given back and is not QUEUED again needs no room: it has been in the window all the while.
      const isToBeTaken =
        update.kind === 'released' && applied.verdict === 'applied' && !isQueuedOrEnded(applied.status);
      return { ...applied, more: isToBeTaken || this.#hasMore(update.device, window) };
    };
    return this.#writeSlices<StatusUpdate, StatusUpdateResult>(updates, one, () => failedUpdate);
  }

  async cancel(device: DeviceId, id: CommandId, reason: string): Promise<CancelResult> {
    return this.#database.write(() => {
      const nowMs = this.#database.wallMs();
      this.#table.settle(device, nowMs);
      const row = this.#table.read(device, id, nowMs);
      if (!row) return { kind: 'unknown' };
      if (row.stage === 'ended') return { kind: 'ended', command: toStored(row) };
      if (row.stage === 'queued') {
        const cancelled = end(row, 'OUTCOME_CANCELLED', reason, nowMs);
        this.#table.save(cancelled);
        return { kind: 'cancelled', command: toStored(cancelled) };
      }
      const asked = row.cancelRequested ? row : { ...row, cancelRequested: true, reason };
      this.#table.save(asked);
      return { kind: 'asked', command: toStored(asked), session: findOpenSession(this.#database, device) };
    });
  }

  async restore(commands: readonly ConfirmedCommand[], keepEndedMs: number): Promise<void> {
    const one = (command: ConfirmedCommand, nowMs: number): void => {
      if (isDeleted(this.#database, command.device)) return;
      this.#table.settle(command.device, nowMs);
      restoreCommand(this.#table, command, keepEndedMs, nowMs);
    };
    await this.#writeSlices<ConfirmedCommand, void>(commands, one, (error) => {
      throw error;
    });
  }

  async get(device: DeviceId, id: CommandId): Promise<StoredCommand | undefined> {
    const [command] = await this.getMany([{ device, id }]);
    return command;
  }

  async getMany(refs: readonly { device: DeviceId; id: CommandId }[]): Promise<(StoredCommand | undefined)[]> {
    return this.#database.read(() => {
      const nowMs = this.#database.wallMs();
      return refs.map(({ device, id }) => {
        const row = this.#table.read(device, id, nowMs);
        return row && toStored(row);
      });
    });
  }

  async list(device: DeviceId): Promise<StoredCommand[]> {
    return this.#database.read(() => this.#table.listUnended(device, this.#database.wallMs()).map(toStored));
  }

  async listEnded(device: DeviceId, limit: number, after: EndedPlace = firstPlace) {
    return this.#database.write(() => {
      const nowMs = this.#database.wallMs();
      this.#table.settle(device, nowMs);
      const { rows, more } = this.#table.listEnded(device, limit, after, nowMs);
      const last = rows.at(-1);
      return {
        commands: rows.map(toStored),
        next: more && last ? { keptUntilMs: dueAt(last), id: last.id } : undefined,
      };
    });
  }

  async overdue(olderThanMs: number, limit: number): Promise<{ device: DeviceId; session: SessionRef }[]> {
    return this.#database.read(() => {
      const nowMs = this.#database.wallMs();
      const devices = this.#nextDevices(limit);
      const found = this.#findOverdue(devices, nowMs, nowMs - olderThanMs);
      return found.flatMap(({ device }) => {
        const session = findOpenSession(this.#database, device);
        return session ? [{ device, session }] : [];
      });
    });
  }

  /** After the last one comes the first one again. */
  #nextDevices(limit: number): string[] {
    const sql = `SELECT DISTINCT device_id AS device FROM commands WHERE stage <> 'ended' AND device_id > :after
      ORDER BY device_id LIMIT :limit`;
    const devices = this.#database
      .all<{ device: string }>(sql, { after: this.#lookedAt, limit })
      .map(({ device }) => device);
    this.#lookedAt = devices.length < limit ? '' : (devices.at(-1) ?? '');
    return devices;
  }

  #findOverdue(devices: readonly string[], nowMs: number, beforeMs: number): { device: DeviceId }[] {
    const sql = `SELECT DISTINCT c.device_id AS device FROM commands c
      JOIN sessions s ON s.device_id = c.device_id AND s.is_open = 1 AND s.opened_at_ms <= :beforeMs
      WHERE c.device_id IN (SELECT value FROM json_each(:devices)) AND c.stage <> 'ended' AND c.due_at_ms > :nowMs AND (
        (c.stage = 'queued' AND c.at_ms <= :beforeMs AND NOT EXISTS (SELECT 1 FROM commands w
           WHERE w.device_id = c.device_id AND w.stage = 'in-flight' AND w.routed_at_ms > :beforeMs))
        OR (c.stage <> 'queued' AND (c.outcome > :routed OR c.deliver_by_ms > :nowMs)
           AND (c.epoch < s.epoch OR c.unconfirmed = 1 AND c.routed_at_ms <= :beforeMs)))`;
    return this.#database.all(sql, {
      beforeMs,
      devices: JSON.stringify(devices),
      nowMs,
      routed: rankOf('OUTCOME_ROUTED'),
    });
  }

  /** `last`: attempts to send these have failed, the likeliest to fail again at the very end. */
  #listToSendAgain(device: DeviceId, epoch: Epoch, nowMs: number): { first: CommandRow[]; last: CommandRow[] } {
    const taken = [...this.#table.list(device, 'in-flight'), ...this.#table.list(device, 'taken')];
    const all = taken.filter((row) => isToSendAgain(row, epoch, nowMs));
    all.sort((a, b) => a.priority - b.priority || a.sequence - b.sequence);
    const last = all.filter(hasFailed).sort((a, b) => a.failedWeight - b.failedWeight);
    return { first: all.filter((row) => !hasFailed(row)), last };
  }

  #takeAgain(rows: readonly CommandRow[], epoch: Epoch, nodeId: string, limit: number, nowMs: number): TakenCommand[] {
    return rows.slice(0, limit).map((row) => {
      const routed = routeAgain(row, epoch, nodeId, nowMs);
      this.#table.save(routed);
      return toTaken(routed, nowMs);
    });
  }

  #takeQueued(device: DeviceId, epoch: Epoch, nodeId: string, limit: number, nowMs: number): TakenCommand[] {
    return this.#table.list(device, 'queued', Math.max(0, limit)).map((row) => {
      const routed = route(row, epoch, nodeId, nowMs);
      this.#table.save(routed);
      return toTaken(routed, nowMs);
    });
  }

  #hasMore(device: DeviceId, window: number): boolean {
    return this.#table.count(device, 'in-flight') < window && this.#table.count(device, 'queued') > 0;
  }

  /** Writes items in slices, in their order. After a slice that cannot be written none is tried. */
  async #writeSlices<Item, Result>(
    items: readonly Item[],
    one: (item: Item, nowMs: number) => Result,
    failed: (error: PushfleetError) => Result,
  ): Promise<Result[]> {
    const results: Result[] = [];
    try {
      for (let from = 0; from < items.length; from += sliceSize) {
        if (from > 0) await nextTurn();
        results.push(...(await this.#writeSlice(items.slice(from, from + sliceSize), one)));
      }
    } catch (error) {
      if (results.length === 0 || !(error instanceof PushfleetError)) throw error;
      while (results.length < items.length) results.push(failed(error));
    }
    return results;
  }

  #writeSlice<Item, Result>(slice: readonly Item[], one: (item: Item, nowMs: number) => Result): Promise<Result[]> {
    return this.#database.write(() => {
      const nowMs = this.#database.wallMs();
      this.#table.settleOldest(nowMs);
      return slice.map((item) => one(item, nowMs));
    });
  }
}

function isQueuedOrEnded(status: StoredStatus | undefined): boolean {
  return !status || status.outcome === 'OUTCOME_QUEUED' || hasEnded(status.outcome);
}

function hasFailed({ failedEpoch }: CommandRow): boolean {
  return failedEpoch > 0;
}

function toTaken(row: CommandRow, nowMs: number): TakenCommand {
  const { id, maybeSent, cancelRequested } = row;
  const finishWithinMs = Math.max(1, row.finishByMs - nowMs);
  const deliverWithinMs = isConfirmed(row.outcome) ? finishWithinMs : Math.max(1, row.deliverByMs - nowMs);
  const operation = unpackOperation(asBuffer(row.operation));
  const failedBefore = hasFailed(row);
  return { id, operation, deliverWithinMs, finishWithinMs, redelivered: maybeSent, cancelRequested, failedBefore };
}
