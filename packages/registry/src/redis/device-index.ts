import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** The group and labels that a device is found by. */
export interface Place {
  group: GroupPath;
  /** Encoded by `encodeLabels`. */
  labels: string;
}

/** One change of a device, as the index knows it. */
export interface IndexedChange {
  /** Orders the changes of one device. */
  revision: string;
  /** The place where the index had the device until now. */
  left: Place | undefined;
}

/** By what devices are found: sorted sets without scores, which Redis keeps in the order of ids. */
export class DeviceIndex {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /**
   * `place` absent: the device is about to be deleted. `undefined`: the newest change is not that of the revision `after`,
   * which is asked for unless it is empty.
   */
  async enter(device: DeviceId, place: Place | undefined, after: string): Promise<IndexedChange | undefined> {
    const indexes = place ? [this.#keys.devices, ...this.#scopes(place).map(({ key }) => key)] : [];
    const keys = [this.#keys.deviceGroups, ...indexes];
    const args = [device, place?.group ?? '', place?.labels ?? '', after];
    const [revision = '', group, labels = ''] = await this.#redis.run<string[]>(scripts.indexDevice, keys, args);
    return revision === '' ? undefined : { revision, left: toPlace(group, labels) };
  }

  /** Takes the device out of what it was found by at `former` and is not at `place`, unless a later change has it there. */
  async leave(device: DeviceId, revision: string, former: readonly Place[], place: Place | undefined): Promise<void> {
    const kept = new Set(place ? this.#scopes(place).map(({ key }) => key) : []);
    const scopes = former.flatMap((one) => this.#scopes(one)).filter(({ key }) => !kept.has(key));
    if (place && scopes.length === 0) return;
    const keys = [this.#keys.deviceGroups, this.#keys.devices, ...scopes.map(({ key }) => key)];
    await this.#redis.run(scripts.unindexDevice, keys, [device, revision, '', ...scopes.map(({ scope }) => scope)]);
  }

  /** Ids of at most `limit` devices after `after`. Some may have left: their records tell. */
  async page(index: string, after: DeviceId | undefined, limit: number): Promise<DeviceId[]> {
    const from = after === undefined ? '-' : `(${after}`;
    return this.#redis.send((client) => client.zrangebylex(index, from, '+', 'LIMIT', 0, limit)) as Promise<DeviceId[]>;
  }

  /** The indexes, the smallest first. */
  async bySize(indexes: readonly string[]): Promise<string[]> {
    if (indexes.length <= 1) return [...indexes];
    const sizes = await this.#redis.sendAll<number>((pipeline) => {
      for (const index of indexes) pipeline.zcard(index);
    });
    const sized = indexes.map((index, at) => ({ index, size: sizes[at] ?? 0 }));
    return sized.sort((a, b) => a.size - b.size).map(({ index }) => index);
  }

  /** Those of the ids that are in all of the indexes. */
  async inAll(indexes: readonly string[], ids: readonly DeviceId[]): Promise<DeviceId[]> {
    if (indexes.length === 0 || ids.length === 0) return [...ids];
    const scores = await this.#redis.sendAll<(string | null)[]>((pipeline) => {
      for (const index of indexes) pipeline.zmscore(index, ...ids);
    });
    return ids.filter((_, at) => scores.every((found) => found[at] !== null));
  }

  #scopes({ group, labels }: Place): { key: string; scope: string }[] {
    const trees = groupLineage(group).map((path) => ({ key: this.#keys.treeDevices(path), scope: `/${path}` }));
    const labelled = labels === '' ? [] : labels.split('\n');
    return [
      { key: this.#keys.groupDevices(group), scope: `=${group}` },
      ...trees,
      ...labelled.map((label) => ({ key: this.#keys.labelDevices(label), scope: `#${label}` })),
    ];
  }
}

/** No group: there was no device. */
export function toPlace(group: string | undefined, labels: string | undefined): Place | undefined {
  return group ? { group: group as GroupPath, labels: labels ?? '' } : undefined;
}
