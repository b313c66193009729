import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import type {
  Device,
  DeviceQuery,
  DeviceSearch,
  DistributionPoint,
  Fleet,
  FoundDevices,
  GroupMoveStart,
  GroupUsers,
  StoredDevice,
  VoidedTickets,
} from '../fleet.ts';
import type { RedisConnection } from './connection.ts';
import { RedisDevices } from './devices.ts';
import { RedisGroups } from './groups.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisFleet implements Fleet {
  readonly #redis: RedisConnection;
  readonly #points: string;
  readonly #groups: RedisGroups;
  readonly #devices: RedisDevices;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#points = keys.distributionPoints;
    this.#groups = new RedisGroups(redis, keys);
    this.#devices = new RedisDevices(redis, keys);
  }

  putGroup(path: GroupPath): Promise<void> {
    return this.#groups.put(path);
  }

  hasGroup(path: GroupPath): Promise<boolean> {
    return this.#groups.has(path);
  }

  listGroups(): Promise<GroupPath[]> {
    return this.#groups.list();
  }

  async countDevices(groups: readonly GroupPath[]): Promise<number[]> {
    return groups.length === 0 ? [] : this.#devices.count(groups);
  }

  deleteGroup(path: GroupPath): Promise<'deleted' | 'absent' | GroupUsers> {
    const findDevices = async (limit: number) =>
      (await this.#devices.list({ group: path, includeSubgroups: true, limit })).map(({ id }) => id);
    return this.#groups.delete(path, () => this.listDistributionPoints(), findDevices);
  }

  beginGroupMove(path: GroupPath, newPath: GroupPath): Promise<GroupMoveStart> {
    return this.#groups.beginMove(path, newPath);
  }

  removeGroupTree(path: GroupPath): Promise<void> {
    return this.#groups.removeTree(path);
  }

  endGroupMove(path: GroupPath): Promise<void> {
    return this.#groups.endMove(path);
  }

  async putDistributionPoint(point: DistributionPoint): Promise<void> {
    const record = JSON.stringify(point);
    await this.#redis.send((client) => client.hset(this.#points, point.id, record));
  }

  async replaceDistributionPoint(expected: DistributionPoint, point: DistributionPoint): Promise<boolean> {
    const args = [point.id, JSON.stringify(expected), JSON.stringify(point)];
    return (await this.#redis.run(scripts.replaceDistributionPoint, [this.#points], args)) === 1;
  }

  async getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined> {
    const record = await this.#redis.send((client) => client.hget(this.#points, id));
    return record === null ? undefined : JSON.parse(record);
  }

  async listDistributionPoints(): Promise<DistributionPoint[]> {
    const records = await this.#redis.send((client) => client.hvals(this.#points));
    const points = records.map((record): DistributionPoint => JSON.parse(record));
    return points.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async replaceScope(id: NodeId, from: readonly GroupPath[], to: readonly GroupPath[]): Promise<boolean> {
    for (;;) {
      const record = await this.#redis.send((client) => client.hget(this.#points, id));
      const point: DistributionPoint | undefined = record === null ? undefined : JSON.parse(record);
      if (record === null || JSON.stringify(point?.groups) !== JSON.stringify(from)) return false;
      const args = [id, record, JSON.stringify({ ...point, groups: to })];
      // Something else of it was changed: the scope may still be as it was.
      if ((await this.#redis.run(scripts.replaceDistributionPoint, [this.#points], args)) === 1) return true;
    }
  }

  async deleteDistributionPoint(id: NodeId): Promise<boolean> {
    return (await this.#redis.send((client) => client.hdel(this.#points, id))) > 0;
  }

  putDevice(device: Device): Promise<VoidedTickets | undefined> {
    return this.#devices.put(device);
  }

  createDevice(device: Device): Promise<'created' | StoredDevice> {
    return this.#devices.create(device);
  }

  replaceDevice(expected: Device, device: Device): Promise<'changed' | { voided: VoidedTickets | undefined }> {
    return this.#devices.replace(expected, device);
  }

  putDevices(devices: readonly Device[], onVoided: (voided: VoidedTickets[]) => void): Promise<void> {
    return this.#devices.putAll(devices, onVoided);
  }

  moveDevice(id: DeviceId, group: GroupPath): Promise<boolean> {
    return this.#devices.move(id, group);
  }

  getDevice(id: DeviceId): Promise<StoredDevice | undefined> {
    return this.#devices.get(id);
  }

  async getDevices(ids: readonly DeviceId[]): Promise<Map<DeviceId, StoredDevice>> {
    return new Map((await this.#devices.read(ids)).map((device) => [device.id, device]));
  }

  listDevices(query: DeviceQuery): Promise<StoredDevice[]> {
    return this.#devices.list(query);
  }

  listDeviceIds(query: DeviceQuery): Promise<DeviceId[]> {
    return this.#devices.listIds(query);
  }

  searchDevices(search: DeviceSearch): Promise<FoundDevices> {
    return this.#devices.search(search);
  }

  deleteDevice(id: DeviceId): Promise<{ absent: boolean; voided: VoidedTickets | undefined }> {
    return this.#devices.delete(id);
  }

  voidTickets(id: DeviceId): Promise<VoidedTickets | undefined> {
    return this.#devices.voidTickets(id);
  }
}
