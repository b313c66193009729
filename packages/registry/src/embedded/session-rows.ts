import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef } from '../sessions.ts';
import type { Database } from './database.ts';
import { readWriteClock } from './write-clock.ts';

export const sessionColumns =
  'epoch, node_id AS nodeId, worker_id AS workerId, boot_id AS bootId, link, opened_at_ms AS openedAtMs';

export function findOpenSession(database: Database, device: DeviceId): SessionRef | undefined {
  const sql = `SELECT ${sessionColumns} FROM sessions WHERE device_id = ? AND is_open = 1 AND kept_until_ms > ?`;
  const stored = database.get<SessionRef>(sql, device, readWriteClock(database));
  return stored && toSessionRef(stored);
}

/** Whether open or closed. */
export function knownSession(
  database: Database,
  device: DeviceId,
): (SessionRef & { isOpen: number; isReaped: number; takeovers: string }) | undefined {
  const sql = `SELECT ${sessionColumns}, is_open = 1 AND kept_until_ms > ? AS isOpen, is_reaped AS isReaped, takeovers
    FROM sessions WHERE device_id = ?`;
  return database.get(sql, readWriteClock(database), device);
}

/** A plain object, without the columns that are no part of the session. */
export function toSessionRef({ epoch, nodeId, workerId, bootId, link, openedAtMs }: SessionRef): SessionRef {
  return { epoch, nodeId, workerId, bootId, link, openedAtMs };
}
