import { afterAll, beforeAll } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { describeRegistry } from '../conformance/registry.fixture.ts';
import { createRedisStore } from './redis-store.fixture.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

describeRegistry('Redis', () => createRedisStore(redis.url, redis.keyPrefix));
