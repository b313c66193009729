import type { DeviceId, GroupPath } from '@pushfleet/protocol';
import type { Database } from './database.ts';

// Questions of sessions and commands about a device. All of them run inside a caller's transaction.

/** The generations of a device's tickets. */
export type Generations = {
  /** That of new tickets; of a deleted device greater than any ticket's. */
  generation: number;
  /** Tickets of generations below are void. 1: none were voided that say their generation. */
  validFrom: number;
};

/** `undefined`: nothing is known of the device. */
export function generationsOf(database: Database, device: DeviceId): Generations | undefined {
  const sql = `SELECT generation, valid_from AS validFrom FROM devices WHERE device_id = :device
    UNION ALL SELECT generation, generation AS validFrom FROM deleted_devices WHERE device_id = :device`;
  return database.get<Generations>(sql, { device });
}

/**
 * Whether a ticket of this generation is void. A registry that has lost a device, and gets it anew, knows of no voiding: tickets
 * and sessions of before stay good. A ticket of generation 0 does not say which it is of, and is good only where nothing is
 * known of the device.
 */
export function isVoid(database: Database, device: DeviceId, generation: number): boolean {
  return (generationsOf(database, device)?.validFrom ?? 0) > generation;
}

export function isDeleted(database: Database, device: DeviceId): boolean {
  return database.get('SELECT 1 FROM deleted_devices WHERE device_id = :device', { device }) !== undefined;
}

export function groupOf(database: Database, device: DeviceId): GroupPath | undefined {
  const sql = 'SELECT group_path AS path FROM devices WHERE device_id = :device';
  return database.get<{ path: GroupPath }>(sql, { device })?.path;
}
