import { findOnPath, installDebianPackage } from '../debian-packages.ts';

/** How a Redis for tests can be had. */
export type RedisSource =
  | { kind: 'running'; url: string }
  | { kind: 'binary'; file: string }
  | { kind: 'container' }
  | { kind: 'none' };

const installHint = `No Redis for the tests. One of these is needed:
- PUSHFLEET_TEST_REDIS_URL: URL of a running Redis or Valkey whose data does not matter
- redis-server or valkey-server on the PATH, e.g. apt-get install redis-server, brew install redis
- a Docker engine that answers`;

/** `own`: one that the test may stop, so none that is running already. */
export async function findRedis(own: boolean): Promise<RedisSource> {
  const url = process.env.PUSHFLEET_TEST_REDIS_URL;
  if (url && !own) return { kind: 'running', url };
  const file = findOnPath('redis-server') ?? findOnPath('valkey-server');
  if (file) return { kind: 'binary', file };
  return (await hasDocker()) ? { kind: 'container' } : { kind: 'none' };
}

/** Like `findRedis`, but an error where there is none. */
export async function requireRedis(own: boolean): Promise<Exclude<RedisSource, { kind: 'none' }>> {
  const source = await findRedis(own);
  if (source.kind === 'none') throw new Error(installHint);
  return source;
}

/** For tests that need several servers on one machine: containers do not do. */
export async function requireRedisBinary(): Promise<string> {
  const source = await requireRedis(true);
  if (source.kind !== 'binary') throw new Error('redis-server or valkey-server is needed on the PATH');
  return source.file;
}

/** Installs redis-server where nothing else is there and it can be done without asking: as root on Debian. */
export async function installRedis(): Promise<void> {
  if ((await findRedis(true)).kind === 'none') installDebianPackage('redis-server');
}

async function hasDocker(): Promise<boolean> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
