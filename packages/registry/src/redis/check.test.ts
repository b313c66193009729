import { systemClock } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startTestRedis } from '../../../../test/redis/redis-server.ts';
import { patientLimits } from '../conformance/store.fixture.ts';
import { openRedisRegistry } from './registry.ts';

const open = (url: string) =>
  openRedisRegistry({ url, keyPrefix: 'test', limits: patientLimits, connectWithinMs: 10_000, attended: systemClock });

it('asks a real Redis how it is set up, and says how it should be', { timeout: 60_000 }, async () => {
  await using redis = await startTestRedis({ own: true });
  const admin = new Redis(redis.url);
  await using registry = await open(redis.url);
  const words = async () => (await registry.check()).map((one) => `${one.severity} ${one.words}`);
  const onDisk = expect.stringMatching(/^doubtful Redis at 127\.0\.0\.1:\d+: it keeps nothing on disk/);
  expect(await words()).toEqual([onDisk]);
  await admin.config('SET', 'maxmemory', '100mb');
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
  expect(await words()).toEqual([
    expect.stringMatching(/^unfit .*allkeys-lru.*set maxmemory-policy noeviction$/),
    onDisk,
  ]);
  await admin.config('SET', 'maxmemory-policy', 'noeviction');
  await admin.config('SET', 'appendonly', 'yes');
  expect(await words()).toEqual([]);

  // As managed servers are: CONFIG is for nobody, INFO for some.
  const rights = ['on', '>p', '~*', '+@read', '+@write', '+@connection', '-@dangerous', '+eval', '+evalsha'];
  await admin.call('ACL', 'SETUSER', 'few', ...rights);
  await using few = await open(redis.url.replace('redis://', 'redis://few:p@'));
  expect(await few.check()).toEqual([
    { severity: 'doubtful', about: 'access', words: expect.stringContaining('grant +info') },
  ]);
  await admin.call('ACL', 'SETUSER', 'few', '+info');
  await admin.config('SET', 'maxmemory-policy', 'volatile-ttl');
  expect(await few.check()).toMatchObject([{ severity: 'unfit' }]);
  admin.disconnect();
});

it('says that a member of a cluster is named as a single server', { timeout: 60_000 }, async () => {
  await using redis = await startTestRedis({ cluster: true });
  await using registry = await open(redis.url);
  expect(await registry.check()).toContainEqual({
    severity: 'unfit',
    about: 'mode',
    words: expect.stringContaining('redis+cluster://'),
  });
});
