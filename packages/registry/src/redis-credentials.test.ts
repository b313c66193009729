import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialFiles, processSettings, readSettings, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MadeAuthority } from '../../../test/certificates/made-authority.ts';
import { type SecuredRedis, startSecuredRedis } from '../../../test/redis/secured-redis.ts';
import { eventually } from './conformance/store.fixture.ts';
import { openRegistry, probeRedis } from './open-registry.ts';
import { loadRedisCredentials, watchRedisCredentials } from './redis-credentials.ts';
import { registrySettings } from './registry-settings.ts';

const settings = { ...processSettings, ...registrySettings };

function valuesFor(redis: SecuredRedis, change: Record<string, string | undefined> = {}) {
  const { url, caFile, passwordFile, sentinelPasswordFile } = redis;
  const values = readSettings(settings, {
    PUSHFLEET_REDIS_URL: url,
    PUSHFLEET_REDIS_CA_FILE: caFile,
    PUSHFLEET_REDIS_PASSWORD_FILE: passwordFile,
    ...(url.includes('sentinel') ? { PUSHFLEET_REDIS_SENTINEL_PASSWORD_FILE: sentinelPasswordFile } : {}),
    ...change,
  });
  return { ...values, redisUrl: url };
}

describe('a Redis with a password and certificates of a CA of its own', { timeout: 90_000 }, () => {
  it.each(['server', 'sentinel', 'cluster'] as const)('(%s) is reached with what lies in files', async (shape) => {
    await using redis = await startSecuredRedis(shape);
    await using opened = await openIt(redis);
    await opened.registry.ping();
  });

  it('is reached through Sentinels that know users, as one of them, and as nobody else', async () => {
    await using redis = await startSecuredRedis('sentinel');
    await redis.closeDefaultUserOfSentinel();
    const asUser = { PUSHFLEET_REDIS_SENTINEL_USER: redis.sentinelUser };
    await using opened = await openIt(redis, asUser);
    await opened.registry.ping();
    for (const change of [{}, { PUSHFLEET_REDIS_SENTINEL_USER: 'somebody-else' }]) {
      await expect(probeRedis(valuesFor(redis, change), 5_000)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    }
    expect((await probeRedis(valuesFor(redis, asUser), 10_000)).roundTripsMs).toHaveLength(9);
  });

  it.each(['server', 'cluster'] as const)('(%s) gets another password while the process runs', async (shape) => {
    await using redis = await startSecuredRedis(shape);
    await using opened = await openIt(redis);
    const { registry, files } = opened;
    const next = 'ånother password';
    await redis.changePassword(next);
    await eventually(() => expect(registry.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' }));
    await redis.write(redis.passwordFile, `\ufeff${next}\n`);
    await files.reload();
    await eventually(() => registry.ping());
  });

  it.each([
    ['no CA', { PUSHFLEET_REDIS_CA_FILE: undefined }, /certificate/],
    ['no password', { PUSHFLEET_REDIS_PASSWORD_FILE: undefined }, /NOAUTH/],
  ])('is not reached with %s, and that is said', async (_, change, words) => {
    await using redis = await startSecuredRedis('server');
    await expect(probeRedis(valuesFor(redis, change), 5_000)).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      message: expect.stringMatching(words),
    });
    expect((await probeRedis(valuesFor(redis), 10_000)).roundTripsMs).toHaveLength(9);
  });

  it('keeps the former password and CA in use where their files are wrong, and says so', async () => {
    await using redis = await startSecuredRedis('server');
    await using opened = await openIt(redis);
    const { registry, files, reported, live } = opened;
    const former = live.current;
    await redis.write(redis.passwordFile, '\n');
    await files.reload();
    await redis.write(redis.passwordFile, 'right again');
    await redis.write(redis.caFile, 'no certificate');
    await files.reload();
    expect(live.current).toBe(former);
    expect(reported).toEqual([
      expect.stringMatching(/PASSWORD_FILE: the first line of .* must be the password; it is empty; the former/),
      expect.stringMatching(/CA_FILE: .* holds no certificate/),
    ]);
    await registry.ping();
    // Another CA is used for the connections that are made from then on, and refuses this server.
    await redis.write(redis.caFile, (await MadeAuthority.create('Another CA')).pem);
    await files.reload();
    await redis.changePassword('right again');
    await eventually(() => expect(registry.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' }));
    await redis.write(redis.caFile, former.ca ?? '');
    await files.reload();
    await eventually(() => registry.ping());
  });
});

describe('files for Redis', () => {
  it.each([
    ['a password beside that of the URL', 'redis://:one@h', 'PASSWORD_FILE', 'two', /_URL has a password, too/],
    ['an empty password', 'redis://h', 'PASSWORD_FILE', '\r\nsecond', /first line .* it is empty/],
    ['a password in another encoding', 'redis://h', 'PASSWORD_FILE', Buffer.from([0xe5, 0x61]), /is not UTF-8/],
    ['no password of a Sentinel without one', 'redis://h', 'SENTINEL_PASSWORD_FILE', 'x', /names no Sentinels/],
    ['a CA where nothing is checked', 'redis://h', 'CA_FILE', 'x', /is not for TLS: it begins with rediss/],
    ['a CA that is none', 'rediss://h', 'CA_FILE', 'hunter2', /holds no certificate/],
  ])('refuse %s', async (_, url, name, text, words) => {
    const directory = await mkdtemp(join(tmpdir(), 'pushfleet-redis-files-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'file');
    await writeFile(file, text);
    const values = readSettings(settings, { PUSHFLEET_REDIS_URL: url, [`PUSHFLEET_REDIS_${name}`]: file });
    expect(() => loadRedisCredentials(values)).toThrow(words);
    expect(() => loadRedisCredentials(values)).toThrow(`PUSHFLEET_REDIS_${name}: `);
    expect(() => loadRedisCredentials(values)).not.toThrow(/hunter2/);
  });

  it('say which of them is missing', () => {
    const values = readSettings(settings, {
      PUSHFLEET_REDIS_URL: 'redis://h',
      PUSHFLEET_REDIS_PASSWORD_FILE: '/nowhere/redis-password',
    });
    expect(() => loadRedisCredentials(values)).toThrow(/cannot read \/nowhere\/redis-password; its first line/);
  });
});

async function openIt(redis: SecuredRedis, change: Record<string, string> = {}) {
  const values = valuesFor(redis, change);
  const files = new CredentialFiles();
  const live = watchRedisCredentials(files, values);
  const reported: string[] = [];
  const logger = { info: () => {}, warn: () => {} } as never;
  files.watch({ clock: systemClock, logger, report: ({ detail }) => reported.push(detail) });
  const registry = await openRegistry(values, undefined, { redisCredentials: live });
  return {
    ...{ registry, files, live, reported },
    [Symbol.asyncDispose]: async () => {
      files[Symbol.dispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}
