import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { DistributionPoint, GroupMoveStart, GroupUsers } from '../fleet.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** How many of each that uses a group are named. */
const named = 5;

/** The tree of groups. */
export class RedisGroups {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async put(path: GroupPath): Promise<void> {
    const members = groupLineage(path).flatMap((group) => [0, group]);
    await this.#redis.send((client) => client.zadd(this.#keys.groups, ...members));
  }

  async has(path: GroupPath): Promise<boolean> {
    return (await this.#redis.send((client) => client.zscore(this.#keys.groups, path))) !== null;
  }

  async list(): Promise<GroupPath[]> {
    return this.#redis.send((client) => client.zrangebylex(this.#keys.groups, '-', '+')) as Promise<GroupPath[]>;
  }

  /** `findDevices` names some devices of the group and of its subgroups. */
  async delete(
    path: GroupPath,
    points: () => Promise<DistributionPoint[]>,
    findDevices: (limit: number) => Promise<DeviceId[]>,
  ): Promise<'deleted' | 'absent' | GroupUsers> {
    for (;;) {
      if (!(await this.has(path))) return 'absent';
      const users = await this.#usersOf(path, points, findDevices);
      if (Object.values(users).some((list) => list.length > 0)) return users;
      const deleted = await this.#redis.run(
        scripts.deleteGroup,
        [this.#keys.groups, this.#keys.distributionPoints],
        [path],
      );
      if (deleted !== 1) continue;
      // A device that was put after the first look: the group is still needed.
      if ((await findDevices(1)).length === 0) return 'deleted';
      await this.put(path);
    }
  }

  async beginMove(path: GroupPath, newPath: GroupPath): Promise<GroupMoveStart> {
    const keys = [this.#keys.groups, this.#keys.groupMoves];
    return this.#redis.run<GroupMoveStart>(scripts.beginGroupMove, keys, [path, newPath, ...groupLineage(newPath)]);
  }

  async removeTree(path: GroupPath): Promise<void> {
    await this.#redis.send((client) => client.zremrangebylex(this.#keys.groups, ...within(path)));
    await this.#redis.send((client) => client.zrem(this.#keys.groups, path));
  }

  async endMove(path: GroupPath): Promise<void> {
    await this.#redis.send((client) => client.hdel(this.#keys.groupMoves, path));
  }

  async #usersOf(
    path: GroupPath,
    points: () => Promise<DistributionPoint[]>,
    findDevices: (limit: number) => Promise<DeviceId[]>,
  ): Promise<GroupUsers> {
    const subgroups = await this.#redis.send((client) =>
      client.zrangebylex(this.#keys.groups, ...within(path), 'LIMIT', 0, named),
    );
    const naming = (await points()).filter(({ groups }) => groups.includes(path));
    return {
      subgroups: subgroups as GroupPath[],
      distributionPoints: naming.slice(0, named).map(({ id }) => id),
      devices: await findDevices(named),
    };
  }
}

/** Its subgroups, as a range: "0" is the character that follows "/". */
function within(path: GroupPath): [string, string] {
  return [`[${path}/`, `(${path}0`];
}
