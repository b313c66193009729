import { PushfleetError } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { startTestRedis } from '../../../../test/redis/redis-server.ts';
import { deviceId, workerRef } from '../conformance/samples.fixture.ts';
import { RedisConnection } from './connection.ts';
import { createKeys } from './keys.ts';
import { checkSchema, type Migration, prepareSchema } from './prepare-schema.ts';
import { createRedisStore } from './redis-store.fixture.ts';

async function open() {
  const server = await startTestRedis();
  const { url } = server;
  const store = await createRedisStore(url, 'schema');
  const redis = await RedisConnection.open({ url }, 10_000, systemClock);
  const keys = createKeys(store.keyPrefix);
  return {
    ...{ store, redis, keys },
    stored: () => store.client.hgetall(keys.schema),
    [Symbol.asyncDispose]: async () => {
      await redis[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('the layout of the data in Redis', { timeout: 60_000 }, () => {
  it('is marked by the first process that may', async () => {
    await using test = await open();
    await prepareSchema(test.redis, test.keys, { migrates: false, withinMs: 0 });
    expect(await test.stored()).toEqual({});
    await using _registry = await test.store.open();
    expect(await test.stored()).toEqual({ version: '2', 'readable-from': '1' });
  });

  it('is asked for again while a master is being replaced, and until the time is up', async () => {
    await using test = await open();
    let failures = 2;
    const send: RedisConnection['send'] = (command) => {
      failures -= 1;
      if (failures >= 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'Redis does not answer');
      return test.redis.send(command);
    };
    const failingOver = new Proxy(test.redis, {
      get: (redis, name: 'run') =>
        name === ('send' as string)
          ? async (...sent: Parameters<typeof send>) => send(...sent)
          : redis[name].bind(redis),
    });
    await prepareSchema(failingOver, test.keys, { migrates: true, withinMs: 10_000 });
    expect(await test.stored()).toMatchObject({ version: '2' });
    failures = 1;
    const inVain = prepareSchema(failingOver, test.keys, { migrates: true, withinMs: -1 });
    await expect(inVain).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: 'Redis does not answer' });
  });

  it('is refused where it is newer than this program can read, also when it becomes so', async () => {
    await using test = await open();
    await using registry = await test.store.open();
    await test.store.client.hset(test.keys.schema, { version: 3, 'readable-from': 1 });
    expect((await registry.check()).filter(({ about }) => about === 'schema')).toEqual([]);
    await test.store.client.hset(test.keys.schema, { version: 3, 'readable-from': 3 });
    const words =
      'its data has the layout 3; this program knows 2 at most: take the version of pushfleet that wrote it';
    expect(await registry.check()).toContainEqual({ severity: 'unfit', about: 'schema', words });
    await expect(test.store.open()).rejects.toThrow(words);
  });

  it('is migrated step by step, by one process, while the others wait', async () => {
    await using test = await open();
    const steps: string[] = [];
    await test.store.client.hset(test.keys.schema, { version: 1, 'readable-from': 1 });
    const step =
      (name: string): Migration =>
      async (redis, keys) => {
        steps.push(name);
        await redis.send((client) => client.rpush(`${keys.schema}:steps`, name));
      };
    const known = { version: 3, readableFrom: 3, migratesFrom: 1 };
    const options = {
      withinMs: 10_000,
      known,
      migrations: new Map([
        [1, step('to 2')],
        [2, step('to 3')],
      ]),
    };
    await Promise.all(
      [true, true, true].map((migrates) => prepareSchema(test.redis, test.keys, { ...options, migrates })),
    );
    expect(steps).toEqual(['to 2', 'to 3']);
    expect(await test.stored()).toEqual({ version: '3', 'readable-from': '3' });
    expect(await checkSchema(test.redis, test.keys, true)).toHaveLength(1);
  });

  it('is taken over from a process that ended in the middle', async () => {
    await using test = await open();
    await test.store.client.hset(test.keys.schema, { version: 1, 'readable-from': 1 });
    const known = { version: 2, readableFrom: 2, migratesFrom: 1 };
    const failing = new Map<number, Migration>([[1, () => Promise.reject(new Error('ended'))]]);
    const options = { migrates: true, withinMs: 5_000, known };
    await expect(prepareSchema(test.redis, test.keys, { ...options, migrations: failing })).rejects.toThrow('ended');
    await prepareSchema(test.redis, test.keys, { ...options, migrations: new Map([[1, async () => {}]]) });
    expect(await test.stored()).toMatchObject({ version: '2' });
  });

  it('of version 1 gets what push servers may read of its devices, also of those that were deleted', async () => {
    await using test = await open();
    const { client } = test.store;
    await client.hset(test.keys.schema, { version: 1, 'readable-from': 1 });
    const kept = { revision: '1', group: 'HQ', secret: 'hash', generation: '7', valid_from: '7', labels: 'os=linux' };
    await client.hset(test.keys.deviceRecord(deviceId(1)), kept);
    await client.hset(test.keys.deviceRecord(deviceId(2)), { revision: '2', generation: '9', valid_from: '9' });
    await client.pexpire(test.keys.deviceRecord(deviceId(2)), 600_000);
    await using registry = await test.store.open();
    const [first, second] = [1, 2].map((n) => test.keys.deviceTickets(deviceId(n))) as [string, string];
    expect(await client.hgetall(first)).toEqual({ group: 'HQ', generation: '7', valid_from: '7' });
    expect(await client.hgetall(second)).toEqual({ generation: '9', valid_from: '9' });
    expect(await client.pttl(second)).toBeGreaterThan(0);
    expect(await test.stored()).toEqual({ version: '2', 'readable-from': '1' });
    const by = { link: 'mqtt', generation: 8 } as const;
    expect(await registry.sessions.open(deviceId(2), workerRef('dp-1'), by)).toBe('void');
    expect(await registry.sessions.open(deviceId(1), workerRef('dp-1'), by)).toMatchObject({ group: 'HQ' });
  });

  it('is waited for by a process that does not migrate, for so long and no longer', async () => {
    await using test = await open();
    await test.store.client.hset(test.keys.schema, { version: 1, 'readable-from': 1 });
    const known = { version: 2, readableFrom: 2, migratesFrom: 1 };
    await expect(
      prepareSchema(test.redis, test.keys, { migrates: false, withinMs: 0, known, migrations: new Map() }),
    ).rejects.toThrow('start a balancer of this version first');
  });
});
