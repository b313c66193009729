import { randomUUID } from 'node:crypto';
import { type DeviceId, PushfleetError } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import type { RegistryFinding } from '../registry.ts';
import { judgeSchema, type KnownSchema, type SchemaVersion, schemaFindings } from '../schema-version.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { RedisLeases } from './leases.ts';
import { scripts } from './scripts.ts';

/** The layout that docs/registry.md describes. */
export const knownSchema: KnownSchema = { version: 2, readableFrom: 1, migratesFrom: 1 };

/** Takes all keys from one version of the layout to the next. It may be interrupted anywhere and is begun anew then, beside programs of both versions. */
export type Migration = (redis: RedisConnection, keys: Keys) => Promise<void>;

/** By the version from which they lead. */
export const migrations: ReadonlyMap<number, Migration> = new Map([[1, copyTickets]]);

/** To 2: what push servers read of a device's record has a key of its own. */
async function copyTickets(redis: RedisConnection, keys: Keys): Promise<void> {
  const [start, end] = keys.deviceRecord('*' as DeviceId).split('*') as [string, string];
  await redis.scan(`${start}*${end}`, async (records) => {
    const devices = records.map((key) => key.slice(start.length, -end.length) as DeviceId);
    const calls = devices.map((id) => ({ keys: [keys.deviceRecord(id), keys.deviceTickets(id)], args: [] }));
    await redis.runEach(scripts.copyTickets, calls);
  });
}

/** A migration that says nothing for so long is taken over. */
const leaseMs = 30_000;
const pollMs = 500;

export interface SchemaOptions {
  /** Whether this process migrates, or waits for one that does. */
  migrates: boolean;
  /** How long it waits, for that and for a Redis that does not answer: one that fails over is silent for seconds. */
  withinMs: number;
  known?: KnownSchema;
  migrations?: ReadonlyMap<number, Migration>;
}

/**
 * Sees to it that the data has a layout that this program knows.
 * @throws PushfleetError REGISTRY_UNAVAILABLE where it cannot work with it, or nobody has migrated it in time
 */
export async function prepareSchema(redis: RedisConnection, keys: Keys, options: SchemaOptions): Promise<void> {
  const { migrates, withinMs, known = knownSchema } = options;
  const endsAtMs = systemClock.now() + withinMs;
  for (;;) {
    const stored = await storedSchemaBy(endsAtMs, redis, keys);
    if (!stored && (await isNew(redis, keys, options))) return;
    const verdict = judgeSchema(stored ?? unmarked, known);
    if (verdict.kind === 'refused') throw unavailable(verdict.words);
    if (verdict.kind === 'fits') return;
    if (migrates && (await migrateAlone(redis, keys, options))) continue;
    if (systemClock.now() > endsAtMs) throw unavailable(waitedInVain);
    await systemClock.sleep(pollMs);
  }
}

const waitedInVain =
  'its data has the layout of an older version; start a balancer of this version first, which migrates it';

/** Whether the data still fits: it may have been lost, or another program may have migrated it. */
export async function checkSchema(redis: RedisConnection, keys: Keys, migrates: boolean): Promise<RegistryFinding[]> {
  const stored = await storedSchema(redis, keys);
  if (!stored && migrates) await mark(redis, keys, knownSchema).catch(() => undefined);
  return schemaFindings(stored ?? unmarked, knownSchema);
}

/** Whether there is nothing yet, or nothing any more: then it is marked. Who does not migrate leaves that to others. */
async function isNew(redis: RedisConnection, keys: Keys, options: SchemaOptions): Promise<boolean> {
  if (!options.migrates) return true;
  const found = await redis
    .send((client) => client.exists(keys.devices, keys.distributionPoints))
    .catch(() => undefined);
  if (found === 0) await mark(redis, keys, options.known ?? knownSchema).catch(() => undefined);
  return !found;
}

/** Data without a mark is from before there were any, or there is none. */
const unmarked: SchemaVersion = { version: 1, readableFrom: 1 };

async function storedSchema(redis: RedisConnection, keys: Keys): Promise<SchemaVersion | undefined> {
  const [version, readableFrom] = await redis.send((client) => client.hmget(keys.schema, 'version', 'readable-from'));
  if (!version) return undefined;
  return { version: Number(version), readableFrom: Number(readableFrom ?? version) };
}

/** Asks again, until then, where Redis does not answer. */
async function storedSchemaBy(endsAtMs: number, redis: RedisConnection, keys: Keys) {
  for (;;) {
    try {
      return await storedSchema(redis, keys);
    } catch (error) {
      if (systemClock.now() > endsAtMs) throw error;
      await systemClock.sleep(pollMs);
    }
  }
}

async function mark(redis: RedisConnection, keys: Keys, { version, readableFrom }: SchemaVersion): Promise<void> {
  await redis.send((client) => client.hset(keys.schema, { version, 'readable-from': readableFrom }));
}

/** `false`: somebody else does. Two that do, because one stood still, do no harm: a migration may be begun anew. */
async function migrateAlone(redis: RedisConnection, keys: Keys, options: SchemaOptions): Promise<boolean> {
  const { known = knownSchema, migrations: ways = migrations } = options;
  const leases = new RedisLeases(redis, keys);
  const holder = randomUUID();
  const hold = () => leases.hold('migration', holder, leaseMs);
  if ((await hold()) === undefined) return false;
  using _renewal = systemClock.every(leaseMs / 3, () => void hold().catch(() => undefined));
  try {
    for (;;) {
      const { version } = (await storedSchema(redis, keys)) ?? unmarked;
      if (version >= known.version) return true;
      await (ways.get(version) as Migration)(redis, keys);
      const next = version + 1;
      await mark(redis, keys, { version: next, readableFrom: Math.min(next, known.readableFrom) });
    }
  } finally {
    await leases.release('migration', holder).catch(() => undefined);
  }
}

function unavailable(words: string): PushfleetError {
  return new PushfleetError('REGISTRY_UNAVAILABLE', `the registry in Redis: ${words}`);
}
