import type { BootId, DeviceId, Epoch } from '@pushfleet/protocol';
import { addMove, decodeMoves, type SessionMove } from '../session-moves.ts';
import type { AssertVerdict, Credentials, OpenedSession, SessionRef, Sessions, WorkerRef } from '../sessions.ts';
import { rememberedTakeovers, sessionMemoryMs, takeoverMs } from '../sessions.ts';
import { CommandTable } from './command-table.ts';
import type { Database } from './database.ts';
import { groupOf, isVoid } from './device-facts.ts';
import { readWriteClock } from './write-clock.ts';

export class EmbeddedSessions implements Sessions {
  readonly #database: Database;
  readonly #commands: CommandTable;

  constructor(database: Database) {
    this.#database = database;
    this.#commands = new CommandTable(database);
  }

  async open(device: DeviceId, at: WorkerRef, { link, generation }: Credentials): Promise<OpenedSession | 'void'> {
    return this.#database.write(() => {
      if (isVoid(this.#database, device, generation)) return 'void';
      const nowMs = this.#database.wallMs();
      this.#forgetOld();
      const stored = knownSession(this.#database, device);
      const epoch = Math.max(stored ? stored.epoch + 1 : 0, nowMs) as Epoch;
      const previous = stored?.isOpen ? toSessionRef(stored) : undefined;
      const times = (stored?.takeovers ?? '').split(' ').filter((time) => nowMs - Number(time || 0) < takeoverMs);
      const takeovers = (previous ? [...times, String(nowMs)] : times).slice(-rememberedTakeovers);
      const kind = previous && previous.bootId !== at.bootId ? 'moved' : 'connected';
      const moves = addMove(stored?.moves ?? '', { kind, atMs: nowMs, nodeId: at.nodeId, link, reason: '' });
      this.#put(device, { ...at, epoch, link, openedAtMs: nowMs }, takeovers.join(' '), moves);
      const hasCommands = this.#commands.hasUnended(device, nowMs);
      const group = groupOf(this.#database, device);
      return { epoch, takeovers: takeovers.length, previous, group, hasCommands };
    });
  }

  async assert(
    device: DeviceId,
    epoch: Epoch,
    at: WorkerRef,
    { link, generation }: Credentials,
  ): Promise<AssertVerdict> {
    return this.#database.write(() => {
      const stored = knownSession(this.#database, device);
      if (stored && stored.epoch > epoch) return 'superseded';
      const isSame = stored?.epoch === epoch;
      const isOpen = isSame && stored.isOpen === 1;
      // Whatever voids a ticket ends the session, so an open one needs none.
      if (!isOpen && isVoid(this.#database, device, generation)) return 'void';
      const isOurs = stored?.isOpen && stored.nodeId === at.nodeId && stored.workerId === at.workerId;
      if (isSame && !isOurs && !stored.isReaped) return 'ended';
      // An epoch is the time of its opening, unless it had to be greater.
      const openedAtMs = isSame ? stored.openedAtMs : Math.min(epoch, this.#database.wallMs());
      this.#keepAsserted(device, { ...at, epoch, link, openedAtMs }, isOpen, stored);
      return 'ok';
    });
  }

  async reap(device: DeviceId, bootId: BootId): Promise<boolean> {
    return this.#database.write(() => {
      const held = findOpenSession(this.#database, device);
      if (held?.bootId === bootId) recordEnd(this.#database, device, 'nodeDead');
      const sql = `UPDATE sessions SET is_open = 0, is_reaped = 1, kept_until_ms = :keptUntilMs
        WHERE device_id = :device AND is_open = 1 AND boot_id = :bootId`;
      return this.#database.run(sql, { keptUntilMs: this.#keptUntilMs(), device, bootId }) === 1;
    });
  }

  async close(device: DeviceId, epoch: Epoch, reason = ''): Promise<boolean> {
    return this.#database.write(() => {
      if (findOpenSession(this.#database, device)?.epoch === epoch) recordEnd(this.#database, device, reason);
      // Whoever held it says that it is over: an assertion that comes late does not open it again.
      const end = 'UPDATE sessions SET is_reaped = 0 WHERE device_id = :device AND epoch = :epoch';
      this.#database.run(end, { device, epoch });
      const close = `UPDATE sessions SET is_open = 0, kept_until_ms = :keptUntilMs
        WHERE device_id = :device AND is_open = 1 AND epoch = :epoch`;
      return this.#database.run(close, { keptUntilMs: this.#keptUntilMs(), device, epoch }) === 1;
    });
  }

  async history(device: DeviceId): Promise<SessionMove[]> {
    return this.#database.read(() => {
      const known = knownSession(this.#database, device);
      return decodeMoves(known?.moves ?? '');
    });
  }

  async find(device: DeviceId): Promise<SessionRef | undefined> {
    return this.#database.read(() => findOpenSession(this.#database, device));
  }

  async findMany(devices: readonly DeviceId[]): Promise<Map<DeviceId, SessionRef>> {
    return this.#database.read(() => {
      const found = new Map<DeviceId, SessionRef>();
      for (const device of devices) {
        const session = findOpenSession(this.#database, device);
        if (session) found.set(device, session);
      }
      return found;
    });
  }

  #keepAsserted(
    device: DeviceId,
    session: SessionRef,
    wasOpen: boolean | undefined,
    { takeovers, moves } = { takeovers: '', moves: '' },
  ): void {
    const { nodeId, link } = session;
    const move = { kind: 'connected', atMs: this.#database.wallMs(), nodeId, link, reason: 'sessionAsserted' } as const;
    this.#put(device, session, takeovers, wasOpen ? moves : addMove(moves, move));
  }

  #put(device: DeviceId, session: SessionRef, takeovers: string, moves: string): void {
    this.#database.run(
      `INSERT OR REPLACE INTO sessions (device_id, epoch, node_id, worker_id, boot_id, link, opened_at_ms,
         takeovers, moves, is_open, kept_until_ms)
       VALUES (:device, :epoch, :nodeId, :workerId, :bootId, :link, :openedAtMs, :takeovers, :moves, 1, :keptUntilMs)`,
      { ...session, device, takeovers, moves, keptUntilMs: this.#keptUntilMs() },
    );
  }

  #keptUntilMs(): number {
    return readWriteClock(this.#database) + sessionMemoryMs;
  }

  /** A few at each opening keep up with any number of them, and none of them takes long. */
  #forgetOld(): void {
    this.#database.run(
      `DELETE FROM sessions WHERE device_id IN
         (SELECT device_id FROM sessions WHERE kept_until_ms < :nowMs ORDER BY kept_until_ms LIMIT 4)`,
      { nowMs: readWriteClock(this.#database) },
    );
  }
}

export const sessionColumns =
  'epoch, node_id AS nodeId, worker_id AS workerId, boot_id AS bootId, link, opened_at_ms AS openedAtMs';

export function findOpenSession(database: Database, device: DeviceId): SessionRef | undefined {
  const sql = `SELECT ${sessionColumns} FROM sessions WHERE device_id = :device AND is_open = 1 AND kept_until_ms > :nowMs`;
  const stored = database.get<SessionRef>(sql, { device, nowMs: readWriteClock(database) });
  return stored && toSessionRef(stored);
}

/** The session that is remembered of a device, whether open or closed. */
export function knownSession(
  database: Database,
  device: DeviceId,
): (SessionRef & { isOpen: number; isReaped: number; takeovers: string; moves: string }) | undefined {
  const sql = `SELECT ${sessionColumns}, is_open = 1 AND kept_until_ms > :nowMs AS isOpen, is_reaped AS isReaped, takeovers, moves
    FROM sessions WHERE device_id = :device`;
  return database.get(sql, { nowMs: readWriteClock(database), device });
}

/** The session that is open is about to be closed. */
export function recordEnd(database: Database, device: DeviceId, reason: string): void {
  const known = knownSession(database, device);
  if (!known?.isOpen) return;
  const { nodeId, link } = known;
  const moves = addMove(known.moves, { kind: 'disconnected', atMs: database.wallMs(), nodeId, link, reason });
  database.run('UPDATE sessions SET moves = :moves WHERE device_id = :device', { moves, device });
}

/** A plain object, without the columns that are no part of the session. */
export function toSessionRef({ epoch, nodeId, workerId, bootId, link, openedAtMs }: SessionRef): SessionRef {
  return { epoch, nodeId, workerId, bootId, link, openedAtMs };
}
