import { systemClock } from '@pushfleet/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { openSession } from '../conformance/command-samples.fixture.ts';
import { beat, nodeRecord, register } from '../conformance/samples.fixture.ts';
import { patientLimits } from '../conformance/store.fixture.ts';
import { createRedisStore } from './redis-store.fixture.ts';
import { openRedisRegistry } from './registry.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

it('scripts go by the time that they are given', async () => {
  let nowMs = 1_800_000_000_123;
  await using registry = await openRedisRegistry({
    ...{ url: redis.url, keyPrefix: `${redis.keyPrefix}-given`, limits: patientLimits, connectWithinMs: 10_000 },
    ...{ attended: systemClock, wallMs: () => nowMs },
  });
  // An epoch is the time of its opening, unless it had to be greater.
  expect(await openSession(registry)).toBe(nowMs);
  nowMs += 86_400_000;
  expect(await openSession(registry)).toBe(nowMs);
});

it('a loss is told of also where all that was lost is written anew in the same moment', async () => {
  await using store = await createRedisStore(redis.url, redis.keyPrefix);
  await using registry = await openRedisRegistry({
    ...{ url: redis.url, keyPrefix: store.keyPrefix, limits: patientLimits, connectWithinMs: 10_000 },
    ...{ attended: systemClock, wallMs: () => 1_800_000_000_123 },
  });
  for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
  await store.wipe();
  for (const id of ['dp-1', 'dp-2']) expect(await beat(registry, nodeRecord({ id }))).toBe('lost');
});
