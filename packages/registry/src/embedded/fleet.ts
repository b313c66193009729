import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import {
  type Device,
  type DeviceQuery,
  type DeviceSearch,
  type DistributionPoint,
  type Fleet,
  type FoundDevices,
  type GroupMoveStart,
  type GroupUsers,
  isSameDevice,
  longestSearchMs,
  type StoredDevice,
  type VoidedTickets,
} from '../fleet.ts';
import type { Database } from './database.ts';
import { DeviceTable } from './device-table.ts';
import { GroupTable } from './group-table.ts';

/** Devices that are looked at in one turn of the event loop, a few milliseconds; and in one search. */
const lookedAtOnce = 5_000;
const mostLookedAt = 200_000;

export class EmbeddedFleet implements Fleet {
  readonly #database: Database;
  readonly #groups: GroupTable;
  readonly #devices: DeviceTable;

  constructor(database: Database) {
    this.#database = database;
    this.#groups = new GroupTable(database);
    this.#devices = new DeviceTable(database);
  }

  async putGroup(path: GroupPath): Promise<void> {
    await this.#database.write(() => this.#groups.put(path));
  }

  async hasGroup(path: GroupPath): Promise<boolean> {
    return this.#database.read(() => this.#groups.has(path));
  }

  async listGroups(): Promise<GroupPath[]> {
    return this.#database.read(() => this.#groups.list());
  }

  async countDevices(groups: readonly GroupPath[]): Promise<number[]> {
    return this.#database.read(() => groups.map((group) => this.#devices.count(group)));
  }

  async deleteGroup(path: GroupPath): Promise<'deleted' | 'absent' | GroupUsers> {
    return this.#database.write(() => this.#groups.delete(path));
  }

  async beginGroupMove(path: GroupPath, newPath: GroupPath): Promise<GroupMoveStart> {
    return this.#database.write(() => this.#groups.beginMove(path, newPath));
  }

  async removeGroupTree(path: GroupPath): Promise<void> {
    await this.#database.write(() => this.#groups.removeTree(path));
  }

  async endGroupMove(path: GroupPath): Promise<void> {
    await this.#database.write(() => this.#database.run('DELETE FROM group_moves WHERE path = :path', { path }));
  }

  async putDistributionPoint(point: DistributionPoint): Promise<void> {
    await this.#database.write(() => this.#writePoint(point));
  }

  async replaceDistributionPoint(expected: DistributionPoint, point: DistributionPoint): Promise<boolean> {
    return this.#database.write(() => {
      if (JSON.stringify(this.#readPoint(point.id)) !== JSON.stringify(expected)) return false;
      this.#writePoint(point);
      return true;
    });
  }

  async getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined> {
    return this.#database.read(() => this.#readPoint(id));
  }

  async listDistributionPoints(): Promise<DistributionPoint[]> {
    const sql = 'SELECT record FROM distribution_points ORDER BY point_id';
    const rows = await this.#database.read(() => this.#database.all<{ record: string }>(sql));
    return rows.map(({ record }) => JSON.parse(record));
  }

  async replaceScope(id: NodeId, from: readonly GroupPath[], to: readonly GroupPath[]): Promise<boolean> {
    return this.#database.write(() => {
      const point = this.#readPoint(id);
      if (!point || JSON.stringify(point.groups) !== JSON.stringify(from)) return false;
      this.#writePoint({ ...point, groups: [...to] });
      return true;
    });
  }

  async deleteDistributionPoint(id: NodeId): Promise<boolean> {
    const sql = 'DELETE FROM distribution_points WHERE point_id = :id';
    return this.#database.write(() => this.#database.run(sql, { id }) > 0);
  }

  async putDevice(device: Device): Promise<VoidedTickets | undefined> {
    return this.#database.write(() => this.#devices.put(device));
  }

  async createDevice(device: Device): Promise<'created' | StoredDevice> {
    return this.#database.write(() => {
      const known = this.#devices.get(device.id);
      if (!known) this.#devices.put(device);
      return known ?? 'created';
    });
  }

  async replaceDevice(expected: Device, device: Device): Promise<'changed' | { voided: VoidedTickets | undefined }> {
    return this.#database.write(() => {
      const stored = this.#devices.get(device.id);
      if (!stored || !isSameDevice(stored, expected)) return 'changed';
      return { voided: this.#devices.put(device) };
    });
  }

  async putDevices(devices: readonly Device[], onVoided: (voided: VoidedTickets[]) => void): Promise<void> {
    onVoided(await this.#database.write(() => devices.flatMap((device) => this.#devices.put(device) ?? [])));
  }

  async moveDevice(id: DeviceId, group: GroupPath): Promise<boolean> {
    return this.#database.write(() => this.#devices.move(id, group));
  }

  async getDevice(id: DeviceId): Promise<StoredDevice | undefined> {
    return this.#database.read(() => this.#devices.get(id));
  }

  async getDevices(ids: readonly DeviceId[]): Promise<Map<DeviceId, StoredDevice>> {
    const found = await this.#database.read(() => ids.map((id) => this.#devices.get(id)));
    return new Map(found.flatMap((device) => (device ? [[device.id, device]] : [])));
  }

  async listDevices(query: DeviceQuery): Promise<StoredDevice[]> {
    return this.#database.read(() => this.#devices.list(query));
  }

  async listDeviceIds(query: DeviceQuery): Promise<DeviceId[]> {
    return this.#database.read(() => this.#devices.listIds(query));
  }

  async searchDevices(search: DeviceSearch): Promise<FoundDevices> {
    const devices: StoredDevice[] = [];
    const endsAtMs = this.#database.machineMs() + longestSearchMs;
    let { after } = search;
    for (let lookedAt = 0; ; lookedAt += lookedAtOnce) {
      const query = { ...search, ...(after === undefined ? {} : { after }), limit: search.limit - devices.length };
      const found = await this.#database.read(() => this.#devices.search(query, lookedAtOnce));
      devices.push(...found.devices);
      const last = devices.at(-1);
      if (last && devices.length === search.limit) return { devices, next: last.id };
      after = found.upTo;
      if (after === undefined) return { devices };
      if (lookedAt >= mostLookedAt || this.#database.machineMs() >= endsAtMs) return { devices, next: after };
      await yieldToOthers();
    }
  }

  async deleteDevice(id: DeviceId): Promise<{ absent: boolean; voided: VoidedTickets | undefined }> {
    return this.#database.write(() => this.#devices.delete(id));
  }

  async voidTickets(id: DeviceId): Promise<VoidedTickets | undefined> {
    return this.#database.write(() => this.#devices.voidTickets(id));
  }

  #readPoint(id: NodeId): DistributionPoint | undefined {
    const sql = 'SELECT record FROM distribution_points WHERE point_id = :id';
    const row = this.#database.get<{ record: string }>(sql, { id });
    return row && JSON.parse(row.record);
  }

  #writePoint(point: DistributionPoint): void {
    const sql = 'INSERT OR REPLACE INTO distribution_points (point_id, record) VALUES (:id, :record)';
    this.#database.run(sql, { id: point.id, record: JSON.stringify(point) });
  }
}
