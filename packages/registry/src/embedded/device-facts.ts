import type { DeviceId, GroupPath } from '@pushfleet/protocol';
import type { Database } from './database.ts';

// Questions of sessions and commands about a device. All of them run inside a caller's transaction.

/** The generation of the tickets which are good. -1: the device is not known. */
export function goodGeneration(database: Database, device: DeviceId): number {
  const sql = `SELECT generation FROM devices WHERE device_id = :device
    UNION ALL SELECT generation FROM deleted_devices WHERE device_id = :device`;
  return database.get<{ generation: number }>(sql, { device })?.generation ?? -1;
}

export function isDeleted(database: Database, device: DeviceId): boolean {
  return database.get('SELECT 1 FROM deleted_devices WHERE device_id = :device', { device }) !== undefined;
}

export function groupOf(database: Database, device: DeviceId): GroupPath | undefined {
  const sql = 'SELECT group_path AS path FROM devices WHERE device_id = :device';
  return database.get<{ path: GroupPath }>(sql, { device })?.path;
}
