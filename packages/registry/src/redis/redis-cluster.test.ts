import { afterAll, beforeAll } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { describeRegistry } from '../conformance/registry.fixture.ts';
import { createRedisStore } from './redis-store.fixture.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis({ cluster: true });
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

// With the rules of a cluster Redis refuses a script that touches keys of two hash tags, be they named as KEYS or not.
describeRegistry('Redis with the rules of a cluster', () => createRedisStore(redis.url, redis.keyPrefix));
