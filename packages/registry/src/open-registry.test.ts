import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { startTestRedis } from '../../../test/redis/redis-server.ts';
import { nodeRecord } from './conformance/samples.fixture.ts';
import { openRegistry } from './open-registry.ts';
import { registrySettings } from './registry-settings.ts';

const settings = { ...processSettings, ...registrySettings };

it('opens the embedded registry in the state directory where no Redis is named', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-open-'));
  const stateDir = join(directory, 'made', 'when needed');
  {
    await using registry = await openRegistry(readSettings(settings, { PUSHFLEET_STATE_DIR: stateDir }));
    await registry.ping();
    await access(join(stateDir, 'registry.sqlite'));
  }
  await rm(directory, { recursive: true });
});

it('opens Redis where one is named', { timeout: 60_000 }, async () => {
  await using redis = await startTestRedis();
  const environment = { PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_REDIS_KEY_PREFIX: redis.keyPrefix };
  await using one = await openRegistry(readSettings(settings, environment));
  await using other = await openRegistry(readSettings(settings, environment));
  await one.nodes.register(nodeRecord());
  expect(await other.nodes.list()).toHaveLength(1);
  await one.nodes.retire(nodeRecord().nodeId, nodeRecord().bootId);
});

it('says which state directory cannot be used', async () => {
  const values = readSettings(settings, { PUSHFLEET_STATE_DIR: '/dev/null/state' });
  await expect(openRegistry(values)).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    message: expect.stringContaining('/dev/null/state'),
  });
});
