import { requireRedisBinary } from './find-redis.ts';
import { askRedis, eventuallyAnswers } from './redis-command.ts';
import { startRedisProcess } from './redis-process.ts';
import type { RunningRedis } from './running-redis.ts';
import { slots } from './single-member-cluster.ts';

const masters = 3;
const slotCount = 16_384;

/** Three masters with a third of the slots each, and a replica of each. */
export interface TestRedisCluster extends AsyncDisposable {
  /** The address in the form of PUSHFLEET_REDIS_URL. */
  readonly url: string;
  /** The addresses of the members, masters first. */
  readonly members: readonly string[];
  /** Kills a master; its replica takes its place within seconds. The hash tag `fleet` is with the third one. */
  killMaster(index: 0 | 1 | 2): Promise<void>;
}

export async function startTestRedisCluster(): Promise<TestRedisCluster> {
  const file = await requireRedisBinary();
  const options = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];
  const cluster = [
    '--cluster-enabled',
    'yes',
    // Longer than a busy machine keeps a master from the processor: nobody is to take its place before a test kills it.
    '--cluster-node-timeout',
    '4000',
    '--cluster-replica-validity-factor',
    '0',
  ];
  await using starting = new AsyncDisposableStack();
  const members: RunningRedis[] = [];
  for (let index = 0; index < 2 * masters; index += 1) {
    const member = await startRedisProcess(file, [...options, ...cluster]);
    starting.defer(() => member.stop());
    members.push(member);
  }
  await formCluster(members.map(({ url }) => url));
  const running = starting.move();
  return {
    url: `redis+cluster://${members.map(({ url }) => url.slice('redis://'.length)).join(',')}`,
    members: members.map(({ url }) => url),
    killMaster: async (index) => members[index]?.stop(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function formCluster(urls: readonly string[]): Promise<void> {
  const [first = ''] = urls;
  for (const [index, url] of urls.slice(0, masters).entries()) {
    // Epochs of their own, or the first elections are spent on telling them apart.
    await askRedis(url, ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
    const [from, end] = [index, index + 1].map((part) => Math.floor((part * slotCount) / masters));
    await askRedis(url, ['CLUSTER', 'ADDSLOTS', ...slots(from ?? 0, end ?? slotCount)]);
  }
  for (const url of urls.slice(1)) {
    const { hostname, port } = new URL(url);
    await askRedis(first, ['CLUSTER', 'MEET', hostname, port]);
  }
  for (const url of urls) await eventuallyAnswers(url, ['CLUSTER', 'INFO'], `cluster_known_nodes:${urls.length}`);
  for (const [index, url] of urls.slice(masters).entries()) {
    const id = /[0-9a-f]{40}/.exec(await askRedis(urls[index] ?? '', ['CLUSTER', 'MYID']))?.[0] ?? '';
    await eventuallyAnswers(url, ['CLUSTER', 'REPLICATE', id], '+OK');
  }
  for (const url of urls.slice(masters)) {
    await eventuallyAnswers(url, ['INFO', 'replication'], 'master_link_status:up');
  }
  for (const url of urls) await eventuallyAnswers(url, ['CLUSTER', 'INFO'], 'cluster_state:ok');
}
