import type { DeviceId, DeviceLinkKind, GroupPath, Labels } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import {
  type Device,
  type DeviceQuery,
  type DeviceSearch,
  type FoundDevices,
  isSameDevice,
  type StoredDevice,
  type VoidedTickets,
} from '../fleet.ts';
import { isWithin } from '../group-move.ts';
import type { RedisConnection } from './connection.ts';
import { DeviceFinder } from './device-finder.ts';
import { DeviceIndex, type Place, toPlace } from './device-index.ts';
import { HeldDevices } from './held-devices.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';
import { decodeSession, RedisSessions, type StoredSession } from './sessions.ts';

/** Changes that are on their way to Redis at once; what is sent meanwhile takes no longer than one round trip. */
const changesAtOnce = 256;
const retryMoveAfterMs = 5;
const maxAttempts = 40;
/** How many devices that meet one condition of a query are compared with its others at once. */
const comparedAtOnce = 500;

/** The revision that a change was made from, or that there was no device, and whether the change gives way to another one that has not reached the record yet. */
interface ChangeOrigin {
  revision: string;
  patience: 'patient' | 'impatient';
}

interface Change {
  revision: string;
  /** The place of the device until now, as its record had it. */
  previous: Place | undefined;
  voided: VoidedTickets | undefined;
}

type VoidedReply = [string?, ...StoredSession];
type WriteReply = [number, string?, string?, ...VoidedReply];

/**
 * A device's record is under its own tag, the indexes are under the fleet's, and nothing is atomic across the two. The
 * record is the truth. Every change goes the same way: enter the indexes of the new group and labels, write the record,
 * leave the indexes of the old ones. Wherever that ends early, the indexes hold too much and never too little; what
 * they hold too much is passed over by readers, because the record says otherwise, and goes with a later change. A
 * change gets its revision in the first step; a record is not overwritten by an older one, so that two changes at once
 * end alike in both places.
 */
export class RedisDevices {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;
  readonly #index: DeviceIndex;
  readonly #held: HeldDevices;
  readonly #sessions: RedisSessions;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
    this.#index = new DeviceIndex(redis, keys);
    this.#held = new HeldDevices(redis, keys);
    this.#sessions = new RedisSessions(redis, keys);
  }

  async put(device: Device): Promise<VoidedTickets | undefined> {
    return (await this.#change(device.id, device))?.voided;
  }

  async create(device: Device): Promise<'created' | StoredDevice> {
    for (;;) {
      const known = await this.get(device.id);
      if (known) return known;
      const change = await this.#change(device.id, device, { revision: 'none', patience: 'impatient' });
      // Where another one was faster, the indexes hold too much until the next change, as ever.
      if (change) return 'created';
    }
  }

  async replace(expected: Device, device: Device): Promise<'changed' | { voided: VoidedTickets | undefined }> {
    for (let attempt = 1; ; attempt += 1) {
      const fields = await this.#redis.send((client) => client.hmget(this.#record(device.id), ...recordFields));
      const record = decodeRecord(device.id, fields);
      if (!record || !isSameDevice(record.device, expected)) return 'changed';
      // As in `move`: the revision is what the record still must have when it is written.
      const patience = attempt < maxAttempts ? 'patient' : 'impatient';
      const change = await this.#change(device.id, device, { revision: record.revision, patience });
      if (change) return { voided: change.voided };
      await systemClock.sleep(retryMoveAfterMs);
    }
  }

  async putAll(devices: readonly Device[], onVoided: (voided: VoidedTickets[]) => void): Promise<void> {
    for (let at = 0; at < devices.length; at += changesAtOnce) {
      const some = devices.slice(at, at + changesAtOnce);
      const settled = await Promise.allSettled(some.map((device) => this.put(device)));
      onVoided(settled.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : [])));
      const failed = settled.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    }
  }

  async move(id: DeviceId, group: GroupPath): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const record = decodeRecord(
        id,
        await this.#redis.send((client) => client.hmget(this.#record(id), ...recordFields)),
      );
      if (!record) return false;
      if (record.device.group === group) return true;
      // What else the record says must not be set back to what it was before another change: neither to one that was
      // faster, nor past one that is under way. The latter may have died there, so it is not waited for long.
      const patience = attempt < maxAttempts ? 'patient' : 'impatient';
      if (await this.#change(id, { ...record.device, group }, { revision: record.revision, patience })) return true;
      await systemClock.sleep(retryMoveAfterMs);
    }
  }

  async delete(id: DeviceId): Promise<{ absent: boolean; voided: VoidedTickets | undefined }> {
    const change = await this.#change(id, undefined);
    return { absent: change?.previous === undefined, voided: change?.voided };
  }

  async voidTickets(id: DeviceId): Promise<VoidedTickets | undefined> {
    const keys = this.#keys.device(id);
    return toVoided(id, await this.#redis.run<VoidedReply>(scripts.voidTickets, keys, []));
  }

  /** Without a pipeline, whose own cost is that of a second command: each device that asks for its assignment is read so. */
  async get(id: DeviceId): Promise<StoredDevice | undefined> {
    const fields = await this.#redis.send((client) => client.hmget(this.#record(id), ...recordFields));
    return decodeRecord(id, fields)?.device;
  }

  async read(ids: readonly DeviceId[]): Promise<StoredDevice[]> {
    const stored = await this.#redis.sendAll<StoredRecord>((pipeline) => {
      for (const id of ids) pipeline.hmget(this.#record(id), ...recordFields);
    });
    return ids.flatMap((id, at) => decodeRecord(id, stored[at] ?? [])?.device ?? []);
  }

  list(query: DeviceQuery): Promise<StoredDevice[]> {
    return this.#list(query, (ids) => this.read(ids));
  }

  async listIds(query: DeviceQuery): Promise<DeviceId[]> {
    const isLabelled = Object.keys(query.labels ?? {}).length > 0;
    const placed = await this.#list(query, (ids) => (isLabelled ? this.#placesOf(ids) : this.#groupsOf(ids)));
    return placed.map(({ id }) => id);
  }

  async search(search: DeviceSearch): Promise<FoundDevices> {
    const [smallest = this.#keys.devices, ...others] = await this.#index.bySize(this.#indexesOf(search));
    const finder = new DeviceFinder(
      {
        ...{ index: this.#index, held: this.#held },
        read: async (ids) => (await this.read(ids)).filter((device) => belongs(device, search)),
        sessionsOf: (ids) => this.#sessions.findMany(ids),
      },
      search,
    );
    return finder.run(smallest, others);
  }

  count(groups: readonly GroupPath[]): Promise<number[]> {
    return this.#redis.sendAll<number>((pipeline) => {
      for (const group of groups) pipeline.zcard(this.#keys.treeDevices(group));
    });
  }

  /** `undefined`: another change was faster, or is under way. */
  async #change(id: DeviceId, device: Device | undefined, from?: ChangeOrigin): Promise<Change | undefined> {
    const place = device && { group: device.group, labels: encodeLabels(device.labels) };
    const entered = await this.#index.enter(id, place, from?.patience === 'patient' ? from.revision : '');
    if (!entered) return undefined;
    const { revision, left } = entered;
    const content = [place?.group ?? '', device?.secretHash ?? '', place?.labels ?? '', device?.linkKinds.join() ?? ''];
    const args = [revision, ...content, from?.revision ?? ''];
    const reply = await this.#redis.run<WriteReply>(scripts.writeDevice, this.#keys.device(id), args);
    // The change that was faster with the record also leaves what this one has entered.
    if (reply[0] === 0) return undefined;
    const previous = toPlace(reply[1], reply[2]);
    await this.#index.leave(
      id,
      revision,
      [left, previous].filter((former) => former !== undefined),
      place,
    );
    return { revision, previous, voided: toVoided(id, reply.slice(3) as VoidedReply) };
  }

  /** @param read The devices of such ids, as their records have them; those that there are none of are left out. */
  async #list<Read extends PlacedDevice>(
    query: DeviceQuery,
    read: (ids: readonly DeviceId[]) => Promise<Read[]>,
  ): Promise<Read[]> {
    const [smallest = this.#keys.devices, ...others] = await this.#index.bySize(this.#indexesOf(query));
    const devices: Read[] = [];
    let { after } = query;
    while (devices.length < query.limit) {
      const missing = query.limit - devices.length;
      const page = others.length > 0 ? Math.max(missing, comparedAtOnce) : missing;
      const ids = await this.#index.page(smallest, after, page);
      const found = await read(await this.#index.inAll(others, ids));
      devices.push(...found.filter((device) => belongs(device, query)));
      if (ids.length < page) break;
      after = ids.at(-1);
    }
    return devices.slice(0, query.limit);
  }

  /** The groups alone, without labels: one field of each record, which takes half of what all of them do. */
  async #groupsOf(ids: readonly DeviceId[]): Promise<PlacedDevice[]> {
    const groups = await this.#redis.sendAll<string | null>((pipeline) => {
      for (const id of ids) pipeline.hget(this.#record(id), 'group');
    });
    return ids.flatMap((id, at) => toPlaced(id, groups[at], ''));
  }

  async #placesOf(ids: readonly DeviceId[]): Promise<PlacedDevice[]> {
    const places = await this.#redis.sendAll<StoredRecord>((pipeline) => {
      for (const id of ids) pipeline.hmget(this.#record(id), 'group', 'labels');
    });
    return ids.flatMap((id, at) => toPlaced(id, places[at]?.[0], places[at]?.[1]));
  }

  #record(id: DeviceId): string {
    return this.#keys.deviceRecord(id);
  }

  #indexesOf({ group, includeSubgroups, labels = {} }: DeviceQuery): string[] {
    const labelled = Object.entries(labels).map(([label, value]) => this.#keys.labelDevices(`${label}=${value}`));
    if (group === undefined) return labelled;
    return [...labelled, includeSubgroups ? this.#keys.treeDevices(group) : this.#keys.groupDevices(group)];
  }
}

/** The part of a device that queries ask for. */
type PlacedDevice = Pick<Device, 'id' | 'group' | 'labels'>;

/** A deleted device has no group. */
function toPlaced(id: DeviceId, group: string | null | undefined, labels: string | null | undefined): PlacedDevice[] {
  return group ? [{ id, group: group as GroupPath, labels: decodeLabels(labels ?? '') }] : [];
}

/** Without a generation: none are void. */
function toVoided(device: DeviceId, [generation, ...session]: VoidedReply): VoidedTickets | undefined {
  return generation ? { device, generation: Number(generation), session: decodeSession(session) } : undefined;
}

/** Whether a device meets the query by its record, which is never outdated, as an index may be. */
function belongs(device: PlacedDevice, { group, includeSubgroups, labels = {} }: DeviceQuery): boolean {
  if (!Object.entries(labels).every(([label, value]) => device.labels[label] === value)) return false;
  if (group === undefined) return true;
  return includeSubgroups ? isWithin(device.group, group) : device.group === group;
}

/** Fields of the hash, see write-device.lua. */
export const recordFields = ['revision', 'group', 'secret', 'labels', 'links', 'generation'] as const;

export type StoredRecord = (string | null | undefined)[];

/** A deleted device has no group. */
export function decodeRecord(
  id: DeviceId,
  [revision, group, secretHash, labels, links, generation]: StoredRecord,
): { revision: string; device: StoredDevice } | undefined {
  if (!revision || !group || !secretHash) return undefined;
  const linkKinds = links ? (links.split(',') as DeviceLinkKind[]) : [];
  return {
    revision,
    device: {
      ...{ id, group: group as GroupPath, secretHash, labels: decodeLabels(labels ?? ''), linkKinds },
      generation: Number(generation ?? 0),
    },
  };
}

/** `label=value` on a line each; neither has a "=" in it. */
export function encodeLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join('\n');
}

function decodeLabels(text: string): Labels {
  if (text === '') return {};
  return Object.fromEntries(text.split('\n').map((line) => line.split('=') as [string, string]));
}
