import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Device, DeviceQuery } from '../fleet.ts';
import type { Database } from './database.ts';
import { deviceSearch, narrowest } from './device-search.ts';

interface DeviceRow {
  id: DeviceId;
  path: GroupPath;
  secretHash: string;
  labels: string;
  linkKinds: string;
}

const selectDevices =
  'SELECT d.device_id AS id, d.group_path AS path, d.secret_hash AS secretHash, d.labels, d.link_kinds AS linkKinds';

/** Devices, and what they are found by. Every method runs inside a transaction of its caller. */
export class DeviceTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put({ id, group, secretHash, labels, linkKinds }: Device): void {
    this.delete(id);
    const sql = 'INSERT INTO devices (device_id, group_path, secret_hash, labels, link_kinds) VALUES (?, ?, ?, ?, ?)';
    this.#database.run(sql, id, group, secretHash, JSON.stringify(labels), JSON.stringify(linkKinds));
    this.#enterGroups(id, group);
    for (const [label, value] of Object.entries(labels)) {
      this.#database.run('INSERT INTO device_labels (label, value, device_id) VALUES (?, ?, ?)', label, value, id);
    }
  }

  move(id: DeviceId, group: GroupPath): boolean {
    const device = this.get(id);
    if (!device) return false;
    this.#leaveGroups(id, device.group);
    this.#database.run('UPDATE devices SET group_path = ? WHERE device_id = ?', group, id);
    this.#enterGroups(id, group);
    return true;
  }

  delete(id: DeviceId): boolean {
    const device = this.get(id);
    if (!device) return false;
    this.#leaveGroups(id, device.group);
    for (const [label, value] of Object.entries(device.labels)) {
      const sql = 'DELETE FROM device_labels WHERE label = ? AND value = ? AND device_id = ?';
      this.#database.run(sql, label, value, id);
    }
    this.#database.run('DELETE FROM devices WHERE device_id = ?', id);
    return true;
  }

  get(id: DeviceId): Device | undefined {
    const row = this.#database.get<DeviceRow>(`${selectDevices} FROM devices d WHERE d.device_id = ?`, id);
    return row && toDevice(row);
  }

  list(query: DeviceQuery): Device[] {
    const { from, values } = deviceSearch(query, (sets) => narrowest(this.#database, sets));
    const sql = `${selectDevices} ${from}`;
    return this.#database.all<DeviceRow>(sql, ...values).map(toDevice);
  }

  #enterGroups(id: DeviceId, group: GroupPath): void {
    for (const path of groupLineage(group)) {
      this.#database.run('INSERT INTO device_lineage VALUES (?, ?)', path, id);
    }
  }

  #leaveGroups(id: DeviceId, group: GroupPath): void {
    for (const path of groupLineage(group)) {
      this.#database.run('DELETE FROM device_lineage WHERE group_path = ? AND device_id = ?', path, id);
    }
  }
}

function toDevice({ id, path, secretHash, labels, linkKinds }: DeviceRow): Device {
  return { id, group: path, secretHash, labels: JSON.parse(labels), linkKinds: JSON.parse(linkKinds) };
}
