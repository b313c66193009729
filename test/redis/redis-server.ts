import { randomBytes } from 'node:crypto';
import { requireRedis } from './find-redis.ts';
import { startRedisContainer } from './redis-container.ts';
import { startRedisProcess } from './redis-process.ts';
import type { RunningRedis } from './running-redis.ts';
import { formSingleMemberCluster } from './single-member-cluster.ts';

/** A real Redis or Valkey for one test file. */
export interface TestRedis extends RunningRedis, AsyncDisposable {
  /** Not used by any other test. */
  readonly keyPrefix: string;
}

export interface TestRedisOptions {
  /** For tests that stop or restart it: never the one that PUSHFLEET_TEST_REDIS_URL names. */
  own?: boolean;
  /** With the rules of a Redis Cluster, as its only member: what touches two slots at once is refused. Implies `own`. */
  cluster?: boolean;
}

/** @throws Error that says what to install. Tests never skip silently. */
export async function startTestRedis({ own = false, cluster = false }: TestRedisOptions = {}): Promise<TestRedis> {
  const server = await startServer(own || cluster, cluster);
  if (cluster) await formSingleMemberCluster(server.url);
  const keyPrefix = `test-${randomBytes(6).toString('hex')}`;
  return { ...server, keyPrefix, [Symbol.asyncDispose]: () => server.stop() };
}

async function startServer(own: boolean, cluster: boolean): Promise<RunningRedis> {
  const source = await requireRedis(own);
  switch (source.kind) {
    case 'running':
      return somebodyElses(source.url);
    case 'binary':
      return startRedisProcess(source.file, serverArguments(cluster));
    case 'container':
      return startRedisContainer(serverArguments(cluster));
    default:
      return source satisfies never;
  }
}

function serverArguments(cluster: boolean): string[] {
  const inMemory = ['--save', '', '--appendonly', 'no'];
  return cluster ? [...inMemory, '--cluster-enabled', 'yes'] : inMemory;
}

function somebodyElses(url: string): RunningRedis {
  return {
    url,
    stop: async () => undefined,
    restart: async () => {
      throw new Error('PUSHFLEET_TEST_REDIS_URL names a Redis that tests may not restart; ask for one of your own');
    },
  };
}
