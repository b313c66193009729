import { type DeviceId, type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { Device, DeviceQuery, DistributionPoint, Fleet } from '../fleet.ts';
import type { Database } from './database.ts';

const deviceColumns = 'device_id AS id, group_path AS "group", secret_hash AS secretHash';

export class EmbeddedFleet implements Fleet {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async putGroup(path: GroupPath): Promise<void> {
    await this.#database.write(() => {
      for (const group of groupLineage(path)) this.#database.run('INSERT OR IGNORE INTO groups VALUES (?)', group);
    });
  }

  async hasGroup(path: GroupPath): Promise<boolean> {
    const sql = 'SELECT path FROM groups WHERE path = ?';
    return this.#database.read(() => this.#database.get(sql, path) !== undefined);
  }

  async listGroups(): Promise<GroupPath[]> {
    const sql = 'SELECT path FROM groups ORDER BY path';
    return this.#database.read(() => this.#database.all<{ path: GroupPath }>(sql).map(({ path }) => path));
  }

  async putDistributionPoint(point: DistributionPoint): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO distribution_points VALUES (?, ?)';
    await this.#database.write(() => this.#database.run(sql, point.id, JSON.stringify(point)));
  }

  async getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined> {
    const sql = 'SELECT record FROM distribution_points WHERE point_id = ?';
    const row = await this.#database.read(() => this.#database.get<{ record: string }>(sql, id));
    return row && JSON.parse(row.record);
  }

  async listDistributionPoints(): Promise<DistributionPoint[]> {
    const sql = 'SELECT record FROM distribution_points ORDER BY point_id';
    const rows = await this.#database.read(() => this.#database.all<{ record: string }>(sql));
    return rows.map(({ record }) => JSON.parse(record));
  }

  async putDevice(device: Device): Promise<void> {
    await this.#database.write(() => {
      this.#removeDevice(device.id);
      this.#database.run('INSERT INTO devices VALUES (?, ?, ?)', device.id, device.group, device.secretHash);
      for (const group of groupLineage(device.group)) {
        this.#database.run('INSERT INTO device_lineage VALUES (?, ?)', group, device.id);
      }
    });
  }

  async getDevice(id: DeviceId): Promise<Device | undefined> {
    const sql = `SELECT ${deviceColumns} FROM devices WHERE device_id = ?`;
    const row = await this.#database.read(() => this.#database.get<Device>(sql, id));
    return row && { ...row };
  }

  async listDevices(query: DeviceQuery): Promise<Device[]> {
    const rows = await this.#database.read(() => this.#selectDevices(query));
    return rows.map((row) => ({ ...row }));
  }

  async deleteDevice(id: DeviceId): Promise<boolean> {
    return this.#database.write(() => this.#removeDevice(id));
  }

  #removeDevice(id: DeviceId): boolean {
    const group = this.#database.get<{ path: GroupPath }>(
      'SELECT group_path AS path FROM devices WHERE device_id = ?',
      id,
    );
    if (!group) return false;
    for (const path of groupLineage(group.path)) {
      this.#database.run('DELETE FROM device_lineage WHERE group_path = ? AND device_id = ?', path, id);
    }
    this.#database.run('DELETE FROM devices WHERE device_id = ?', id);
    return true;
  }

  #selectDevices({ group, includeSubgroups, after = '' as DeviceId, limit }: DeviceQuery): Device[] {
    const page = 'device_id > ? ORDER BY device_id LIMIT ?';
    const select = `SELECT ${deviceColumns} FROM devices`;
    if (group === undefined) return this.#database.all(`${select} WHERE ${page}`, after, limit);
    if (!includeSubgroups) return this.#database.all(`${select} WHERE group_path = ? AND ${page}`, group, after, limit);
    // CROSS JOIN fixes the order of the loops: the lineage index leads, as it is in the order of ids.
    const sql = `SELECT d.device_id AS id, d.group_path AS "group", d.secret_hash AS secretHash
      FROM device_lineage l CROSS JOIN devices d USING (device_id)
      WHERE l.group_path = ? AND l.device_id > ? ORDER BY l.device_id LIMIT ?`;
    return this.#database.all(sql, group, after, limit);
  }
}
