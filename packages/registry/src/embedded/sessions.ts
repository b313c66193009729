import type { BootId, DeviceId, Epoch } from '@pushfleet/protocol';
import type { LinkKind, OpenedSession, SessionRef, Sessions, WorkerRef } from '../sessions.ts';
import { rememberedTakeovers, takeoverMs } from '../takeovers.ts';
import type { Database } from './database.ts';

/** A closed session is remembered for this long: its epoch still counts where the clock is set back. */
const closedMemoryMs = 24 * 3_600_000;

const columns = 'epoch, node_id AS nodeId, worker_id AS workerId, boot_id AS bootId, link, opened_at_ms AS openedAtMs';

export class EmbeddedSessions implements Sessions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async open(device: DeviceId, at: WorkerRef, link: LinkKind): Promise<OpenedSession> {
    return this.#database.write(() => {
      const nowMs = Date.now();
      const stored = this.#read(device);
      const epoch = Math.max(stored ? stored.epoch + 1 : 0, nowMs) as Epoch;
      const previous = stored?.isOpen ? toSessionRef(stored) : undefined;
      const times = (stored?.takeovers ?? '').split(' ').filter((time) => nowMs - Number(time || 0) < takeoverMs);
      const takeovers = (previous ? [...times, String(nowMs)] : times).slice(-rememberedTakeovers);
      this.#put(device, { ...at, epoch, link, openedAtMs: nowMs }, takeovers.join(' '));
      return { epoch, takeovers: takeovers.length, previous };
    });
  }

  async assert(device: DeviceId, epoch: Epoch, at: WorkerRef, link: LinkKind): Promise<'ok' | 'superseded'> {
    return this.#database.write(() => {
      const stored = this.#read(device);
      const isSame = stored?.epoch === epoch;
      const isTheirs = !stored?.isOpen || stored.nodeId !== at.nodeId || stored.workerId !== at.workerId;
      if (stored && (stored.epoch > epoch || (isSame && isTheirs))) return 'superseded';
      // An epoch is the time of its opening, unless it had to be greater.
      const openedAtMs = isSame ? stored.openedAtMs : Math.min(epoch, Date.now());
      this.#put(device, { ...at, epoch, link, openedAtMs }, stored?.takeovers ?? '');
      return 'ok';
    });
  }

  async reap(device: DeviceId, bootId: BootId): Promise<boolean> {
    return this.#database.write(() => {
      const sql = 'UPDATE sessions SET closed_at_ms = ? WHERE device_id = ? AND boot_id = ? AND closed_at_ms IS NULL';
      return this.#database.run(sql, Date.now(), device, bootId) === 1;
    });
  }

  async close(device: DeviceId, epoch: Epoch): Promise<boolean> {
    return this.#database.write(() => {
      const nowMs = Date.now();
      this.#forgetClosed(nowMs);
      const sql = 'UPDATE sessions SET closed_at_ms = ? WHERE device_id = ? AND epoch = ? AND closed_at_ms IS NULL';
      return this.#database.run(sql, nowMs, device, epoch) === 1;
    });
  }

  async find(device: DeviceId): Promise<SessionRef | undefined> {
    return this.#database.read(() => this.#findOpen(device));
  }

  async findMany(devices: readonly DeviceId[]): Promise<Map<DeviceId, SessionRef>> {
    return this.#database.read(() => {
      const found = new Map<DeviceId, SessionRef>();
      for (const device of devices) {
        const session = this.#findOpen(device);
        if (session) found.set(device, session);
      }
      return found;
    });
  }

  /** Whether open or closed. */
  #read(device: DeviceId): (SessionRef & { isOpen: number; takeovers: string }) | undefined {
    const sql = `SELECT ${columns}, closed_at_ms IS NULL AS isOpen, takeovers FROM sessions WHERE device_id = ?`;
    return this.#database.get(sql, device);
  }

  #findOpen(device: DeviceId): SessionRef | undefined {
    const sql = `SELECT ${columns} FROM sessions WHERE device_id = ? AND closed_at_ms IS NULL`;
    const stored = this.#database.get<SessionRef>(sql, device);
    return stored && toSessionRef(stored);
  }

  #put(device: DeviceId, session: SessionRef, takeovers: string): void {
    this.#database.run(
      `INSERT OR REPLACE INTO sessions (device_id, epoch, node_id, worker_id, boot_id, link, opened_at_ms, takeovers)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      device,
      session.epoch,
      session.nodeId,
      session.workerId,
      session.bootId,
      session.link,
      session.openedAtMs,
      takeovers,
    );
  }

  /** A few at each close keep up with any number of closes, and none of them takes long. */
  #forgetClosed(nowMs: number): void {
    this.#database.run(
      `DELETE FROM sessions WHERE device_id IN
         (SELECT device_id FROM sessions WHERE closed_at_ms < ? ORDER BY closed_at_ms LIMIT 4)`,
      nowMs - closedMemoryMs,
    );
  }
}

/** A plain object, without the columns that are no part of the session. */
function toSessionRef({ epoch, nodeId, workerId, bootId, link, openedAtMs }: SessionRef): SessionRef {
  return { epoch, nodeId, workerId, bootId, link, openedAtMs };
}
