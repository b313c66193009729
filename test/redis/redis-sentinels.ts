import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../cluster/free-ports.ts';
import { requireRedisBinary } from './find-redis.ts';
import { askRedis, eventuallyAnswers } from './redis-command.ts';
import { startRedisProcess } from './redis-process.ts';
import type { RunningRedis } from './running-redis.ts';

const master = 'pushfleet';

/** All that a client of Sentinels asks them, as docs/registry.md lists it. */
export const sentinelRights = [
  ...['resetchannels', '-@all', '+subscribe', '&+switch-master'],
  ...['+sentinel|get-master-addr-by-name', '+sentinel|sentinels'],
];

/** A master, its replica, and three Sentinels that watch them. */
export interface TestSentinels extends AsyncDisposable {
  /** The address in the form of PUSHFLEET_REDIS_URL. */
  readonly url: string;
  /** Lets them take a user who may do what a client needs, and nothing else. */
  addUser(name: string, password: string): Promise<void>;
  /** Kills whoever is master now. */
  killMaster(): Promise<void>;
  /** Lets the Sentinels change the roles of both while both are well. */
  failOver(): Promise<void>;
}

export async function startTestSentinels(): Promise<TestSentinels> {
  const file = await requireRedisBinary();
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-sentinels-'));
  await using starting = new AsyncDisposableStack();
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const start = async (...args: Parameters<typeof startRedisProcess>) => {
    const server = await startRedisProcess(...args);
    starting.defer(() => server.stop());
    return server;
  };
  const servers: RunningRedis[] = [];
  const inMemory = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];
  servers.push(await start(file, inMemory));
  const [, masterPort = ''] = /:(\d+)$/.exec(servers[0]?.url ?? '') ?? [];
  servers.push(await start(file, [...inMemory, '--replicaof', '127.0.0.1', masterPort]));
  await eventuallyAnswers(servers[1]?.url ?? '', ['INFO', 'replication'], 'master_link_status:up');

  const sentinels: RunningRedis[] = [];
  for (const index of [0, 1, 2]) {
    const [port = 0] = await findFreePorts(1);
    const config = join(directory, `sentinel-${index}.conf`);
    await writeFile(config, sentinelConfig(masterPort));
    sentinels.push(await start(file, ['--sentinel'], { port, config }));
  }
  const [{ url: sentinel } = { url: '' }] = sentinels;
  await eventuallyAnswers(sentinel, ['INFO', 'sentinel'], `slaves=1,sentinels=3`);

  const running = starting.move();
  return {
    url: `redis+sentinel://${sentinels.map(({ url }) => url.slice('redis://'.length)).join(',')}/${master}`,
    addUser: async (name, password) => {
      for (const { url } of sentinels)
        await askRedis(url, ['ACL', 'SETUSER', name, 'on', `>${password}`, ...sentinelRights]);
    },
    killMaster: async () => {
      const address = await askRedis(sentinel, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master]);
      await servers.find(({ url }) => address.includes(url.slice(url.lastIndexOf(':') + 1)))?.stop();
    },
    failOver: async () => {
      await askRedis(sentinel, ['SENTINEL', 'FAILOVER', master]);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Longer than a busy machine keeps a master from the processor: nobody is to take its place before a test kills it. */
const downAfterMs = 3_000;

function sentinelConfig(port: string): string {
  return `sentinel monitor ${master} 127.0.0.1 ${port} 2
sentinel down-after-milliseconds ${master} ${downAfterMs}
sentinel failover-timeout ${master} 5000
`;
}
