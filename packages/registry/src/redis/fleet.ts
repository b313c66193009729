import { type DeviceId, type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { Device, DeviceQuery, DistributionPoint, Fleet } from '../fleet.ts';
import type { RedisConnection } from './connection.ts';
import { DeviceIndex } from './device-index.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Longer than any change of a device is under way. */
const deletionMemoryMs = 60_000;

type StoredDevice = (string | null)[];

/**
 * A device's record is under its own tag, the indexes are under the fleet's, and nothing is atomic across the two. The
 * record is the truth. Every change goes the same way: enter the new group's indexes, write the record, leave the old
 * group's indexes. Wherever that ends early, the indexes hold too much and never too little; what they hold too much
 * is passed over by readers, because the record says otherwise, and goes with a later change. A change gets its
 * revision in the first step; a record is not overwritten by an older one, so that two changes at once end alike in
 * both places.
 */
export class RedisFleet implements Fleet {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;
  readonly #index: DeviceIndex;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
    this.#index = new DeviceIndex(redis, keys);
  }

  async putGroup(path: GroupPath): Promise<void> {
    const members = groupLineage(path).flatMap((group) => [0, group]);
    await this.#redis.send((client) => client.zadd(this.#keys.groups, ...members));
  }

  async hasGroup(path: GroupPath): Promise<boolean> {
    return (await this.#redis.send((client) => client.zscore(this.#keys.groups, path))) !== null;
  }

  async listGroups(): Promise<GroupPath[]> {
    return this.#redis.send((client) => client.zrangebylex(this.#keys.groups, '-', '+')) as Promise<GroupPath[]>;
  }

  async putDistributionPoint(point: DistributionPoint): Promise<void> {
    const record = JSON.stringify(point);
    await this.#redis.send((client) => client.hset(this.#keys.distributionPoints, point.id, record));
  }

  async getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined> {
    const record = await this.#redis.send((client) => client.hget(this.#keys.distributionPoints, id));
    return record === null ? undefined : JSON.parse(record);
  }

  async listDistributionPoints(): Promise<DistributionPoint[]> {
    const records = await this.#redis.send((client) => client.hvals(this.#keys.distributionPoints));
    const points = records.map((record): DistributionPoint => JSON.parse(record));
    return points.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async putDevice({ id, group, secretHash }: Device): Promise<void> {
    await this.#change(id, group, secretHash);
  }

  async getDevice(id: DeviceId): Promise<Device | undefined> {
    const [device] = await this.#readDevices([id]);
    return device;
  }

  async listDevices(query: DeviceQuery): Promise<Device[]> {
    const index = this.#indexOf(query);
    const devices: Device[] = [];
    let after = query.after;
    let missing = query.limit;
    while (missing > 0) {
      const ids = await this.#index.page(index, after, missing);
      const page = await this.#readDevices(ids);
      devices.push(...page.filter((device) => belongs(device, query)));
      if (ids.length < missing) break;
      after = ids.at(-1);
      missing = query.limit - devices.length;
    }
    return devices;
  }

  async deleteDevice(id: DeviceId): Promise<boolean> {
    return (await this.#change(id, undefined, '')) !== undefined;
  }

  /** Answers the group where the device was until now. */
  async #change(id: DeviceId, group: GroupPath | undefined, secretHash: string): Promise<GroupPath | undefined> {
    const { revision, left } = await this.#index.enter(id, group);
    const args = [revision, group ?? '', secretHash, deletionMemoryMs];
    const reply = await this.#redis.run<[number, string?]>(scripts.writeDevice, [this.#keys.deviceRecord(id)], args);
    // A later change was faster with the record. It also leaves the group that this one has entered.
    if (reply[0] === 0) return undefined;
    const previous = (reply[1] || undefined) as GroupPath | undefined;
    const old = new Set([left, previous].filter((path) => path !== undefined && path !== group) as GroupPath[]);
    if (old.size > 0 || group === undefined) await this.#index.leave(id, revision, old);
    return previous;
  }

  async #readDevices(ids: readonly DeviceId[]): Promise<Device[]> {
    const stored = await this.#redis.sendAll<StoredDevice>((pipeline) => {
      for (const id of ids) pipeline.hmget(this.#keys.deviceRecord(id), 'group', 'secret');
    });
    return stored.flatMap(([group, secretHash], index) => {
      const id = ids[index];
      return id && group && secretHash ? [{ id, group: group as GroupPath, secretHash }] : [];
    });
  }

  #indexOf({ group, includeSubgroups }: DeviceQuery): string {
    if (group === undefined) return this.#keys.devices;
    return includeSubgroups ? this.#keys.treeDevices(group) : this.#keys.groupDevices(group);
  }
}

/** What the index says may be outdated; the record never is. */
function belongs(device: Device, { group, includeSubgroups }: DeviceQuery): boolean {
  if (group === undefined || device.group === group) return true;
  return includeSubgroups && device.group.startsWith(`${group}/`);
}
