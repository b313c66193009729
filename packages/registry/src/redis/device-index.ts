import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** One change of a device, as the index knows it. */
export interface IndexedChange {
  /** Orders the changes of one device. */
  revision: string;
  /** Where the index had the device until now. */
  left: GroupPath | undefined;
}

/** In which groups devices are found: sorted sets without scores, which Redis keeps in the order of ids. */
export class DeviceIndex {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /** `group` absent: the device is about to be deleted. */
  async enter(device: DeviceId, group: GroupPath | undefined): Promise<IndexedChange> {
    const indexes = group === undefined ? [] : [this.#keys.devices, ...this.#scopes(group).map(({ key }) => key)];
    const keys = [this.#keys.deviceGroups, ...indexes];
    const [revision = '', left] = await this.#redis.run<string[]>(scripts.indexDevice, keys, [device, group ?? '']);
    return { revision, left: (left || undefined) as GroupPath | undefined };
  }

  /** Takes the device out of the indexes of `groups` and of all devices, but for those where a later change has it. */
  async leave(device: DeviceId, revision: string, groups: Iterable<GroupPath>): Promise<void> {
    const scopes = [...groups].flatMap((group) => this.#scopes(group));
    const keys = [this.#keys.deviceGroups, this.#keys.devices, ...scopes.map(({ key }) => key)];
    await this.#redis.run(scripts.unindexDevice, keys, [device, revision, '', ...scopes.map(({ scope }) => scope)]);
  }

  /** Ids of at most `limit` devices after `after`. Some may have left: their records tell. */
  async page(index: string, after: DeviceId | undefined, limit: number): Promise<DeviceId[]> {
    const from = after === undefined ? '-' : `(${after}`;
    return this.#redis.send((client) => client.zrangebylex(index, from, '+', 'LIMIT', 0, limit)) as Promise<DeviceId[]>;
  }

  #scopes(group: GroupPath): { key: string; scope: string }[] {
    const trees = groupLineage(group).map((path) => ({ key: this.#keys.treeDevices(path), scope: `/${path}` }));
    return [{ key: this.#keys.groupDevices(group), scope: `=${group}` }, ...trees];
  }
}
