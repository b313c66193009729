import type { CommandId, common, DeviceId, GroupPushId } from '@pushfleet/protocol';
import { outcomeOf, rankOf } from '../command-state.ts';
import type {
  DesiredState,
  DeviceOutcome,
  GroupPushes,
  GroupPushRecord,
  GroupPushView,
  OutcomeCounts,
} from '../group-pushes.ts';
import { keepEndedPushMs, listedPushes, packGroupPush, unpackGroupPush } from '../group-pushes.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** One that is written but on no list yet, because its process died in between, is gone after this time. */
const unlistedMs = 60_000;

/** How many of the oldest are looked at, with every new one, to see whether they are gone. */
const sweptPushes = 10;

/** How many devices are read at once when most of their outcomes may not be wanted. */
const pageSize = 1_000;

export class RedisGroupPushes implements GroupPushes {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;
  /** Under the fleet's tag: all, those that have not ended, and idempotency keys. */
  readonly #lists: string[];

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
    this.#lists = [keys.groupPushes, keys.activeGroupPushes, keys.groupPushKeys];
  }

  async create(record: GroupPushRecord): Promise<{ kind: 'created' | 'known'; view: GroupPushView }> {
    const [key] = this.#keys.groupPush(record.id) as [string, string, string, string];
    const { json, operation } = packGroupPush(record);
    const calls = [{ keys: [key], args: [json, operation, unlistedMs] }];
    const [isNew] = await this.#redis.runEach<number>(scripts.createGroupPush, calls);
    const known = isNew === 1 ? await this.#enter(record) : await this.get(record.id);
    if (known) return { kind: 'known', view: known };
    await this.#redis.send((client) => client.persist(key));
    await this.#sweep();
    return { kind: 'created', view: { ...record, counts: {}, desiredState: 'running' } };
  }

  async get(id: GroupPushId): Promise<GroupPushView | undefined> {
    const [view] = await this.#read([id]);
    return view;
  }

  async list(): Promise<GroupPushView[]> {
    const ids = await this.#redis.send((client) => client.zrevrange(this.#keys.groupPushes, 0, listedPushes - 1));
    const views = await this.#read(ids as GroupPushId[]);
    await this.#forget(ids.filter((_, index) => views[index] === undefined));
    return views.filter((view) => view !== undefined);
  }

  async active(): Promise<GroupPushId[]> {
    const ids = await this.#redis.send((client) => client.smembers(this.#keys.activeGroupPushes));
    const found = await this.#redis.sendAll<(string | null)[]>((pipeline) => {
      for (const id of ids) pipeline.hmget(this.#recordKey(id), 'token', 'ended');
    });
    await this.#forget(ids.filter((_, index) => !found[index]?.[0]));
    const ended = ids.filter((_, index) => found[index]?.[1]);
    if (ended.length > 0) await this.#redis.send((client) => client.srem(this.#keys.activeGroupPushes, ...ended));
    const active = ids.filter((_, index) => found[index]?.[0] && !found[index]?.[1]);
    return active.sort() as GroupPushId[];
  }

  async advance(
    record: GroupPushRecord,
    outcomes: readonly DeviceOutcome[],
    leaseToken: number,
  ): Promise<GroupPushView | undefined> {
    const { id, endedAtMs } = record;
    const keepMs = endedAtMs === undefined ? '' : keepEndedPushMs;
    const args = [packGroupPush(record).json, leaseToken, keepMs, encodeOutcomes(outcomes)];
    const reply = await this.#redis.run<string[] | null>(scripts.advanceGroupPush, this.#keys.groupPush(id), args);
    if (!reply) return undefined;
    if (endedAtMs !== undefined) await this.#redis.send((client) => client.srem(this.#keys.activeGroupPushes, id));
    const [desiredState, ...counts] = reply;
    return { ...record, counts: decodeCounts(counts), desiredState: desiredState as DesiredState };
  }

  async setDesiredState(id: GroupPushId, desiredState: DesiredState): Promise<GroupPushView | undefined> {
    await this.#redis.run(scripts.setDesiredState, [this.#recordKey(id)], [desiredState]);
    return this.get(id);
  }

  async outcomes(
    id: GroupPushId,
    query: { after?: DeviceId; limit: number; outcomes?: readonly common.Outcome[] },
  ): Promise<DeviceOutcome[]> {
    const found: DeviceOutcome[] = [];
    let after = query.after;
    while (found.length < query.limit) {
      const size = query.outcomes ? pageSize : query.limit - found.length;
      const page = await this.#outcomePage(id, after, size);
      found.push(...page.filter(({ outcome }) => query.outcomes?.includes(outcome) ?? true));
      if (page.length < size) break;
      after = page.at(-1)?.device;
    }
    return found.slice(0, query.limit);
  }

  async #outcomePage(id: GroupPushId, after: DeviceId | undefined, size: number): Promise<DeviceOutcome[]> {
    const [, , outcomesKey, devicesKey] = this.#keys.groupPush(id) as [string, string, string, string];
    const from = after === undefined ? '-' : `(${after}`;
    const devices = await this.#redis.send((client) => client.zrangebylex(devicesKey, from, '+', 'LIMIT', 0, size));
    if (devices.length === 0) return [];
    const packed = await this.#redis.send((client) => client.hmget(outcomesKey, ...devices));
    return devices.flatMap((device, index) => {
      const text = packed[index];
      return text ? [decodeOutcome(device as DeviceId, text)] : [];
    });
  }

  /** Puts one that is written on the lists. `undefined`: it is; otherwise another one with its idempotency key is kept. */
  async #enter({ id, startedAtMs, request }: GroupPushRecord): Promise<GroupPushView | undefined> {
    let gone = '';
    for (;;) {
      const args = [id, startedAtMs, request.idempotencyKey, gone];
      const owner = await this.#redis.run<string>(scripts.enterGroupPush, this.#lists, args);
      if (owner === id) return undefined;
      const known = await this.get(owner as GroupPushId);
      if (known) {
        await this.#redis.send((client) => client.del(this.#recordKey(id)));
        return known;
      }
      gone = owner;
    }
  }

  async #sweep(): Promise<void> {
    const ids = await this.#redis.send((client) => client.zrange(this.#keys.groupPushes, 0, String(sweptPushes - 1)));
    const found = await this.#redis.sendAll<number>((pipeline) => {
      for (const id of ids) pipeline.exists(this.#recordKey(id));
    });
    await this.#forget(ids.filter((_, index) => found[index] === 0));
  }

  /** A record is written before it is listed: those that are listed without one are gone. */
  async #forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#redis.run(scripts.forgetGroupPushes, this.#lists, ids);
  }

  async #read(ids: readonly GroupPushId[]): Promise<(GroupPushView | undefined)[]> {
    const records = await this.#redis.sendAll<(Buffer | null)[]>((pipeline) => {
      for (const id of ids) pipeline.hmgetBuffer(this.#recordKey(id), 'record', 'operation', 'desired-state');
    });
    const counts = await this.#redis.sendAll<Record<string, string>>((pipeline) => {
      for (const id of ids) pipeline.hgetall(this.#keys.groupPush(id)[1] as string);
    });
    return records.map(([record, operation, desiredState], index) => {
      if (!record || !operation) return undefined;
      return {
        ...unpackGroupPush(record.toString(), operation),
        counts: decodeCounts(Object.entries(counts[index] ?? {}).flat()),
        desiredState: String(desiredState) as DesiredState,
      };
    });
  }

  #recordKey(id: string): string {
    return this.#keys.groupPush(id as GroupPushId)[0] as string;
  }
}

function decodeCounts(flat: readonly string[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (let index = 0; index < flat.length; index += 2) counts[outcomeOf(Number(flat[index]))] = Number(flat[index + 1]);
  return counts;
}

/** A line for each. Neither ids nor JSON have tabs or ends of lines in them. */
function encodeOutcomes(outcomes: readonly DeviceOutcome[]): string {
  const lines = outcomes.map(({ device, outcome, command, reason, atMs }) => {
    return `${device}\t${rankOf(outcome)}\t${JSON.stringify({ command, reason, atMs })}`;
  });
  return lines.join('\n');
}

function decodeOutcome(device: DeviceId, packed: string): DeviceOutcome {
  const blank = packed.indexOf(' ');
  const { command, reason, atMs } = JSON.parse(packed.slice(blank + 1));
  const outcome = outcomeOf(Number(packed.slice(0, blank)));
  return { device, command: command as CommandId, outcome, reason, atMs };
}
