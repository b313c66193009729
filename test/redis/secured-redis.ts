import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { MadeAuthority } from '../certificates/made-authority.ts';
import { findFreePorts } from '../cluster/free-ports.ts';
import { requireRedisBinary } from './find-redis.ts';
import { askRedis, eventuallyAnswers } from './redis-command.ts';
import { clusterPorts, type RedisProcessOptions, startRedisProcess } from './redis-process.ts';
import { sentinelRights } from './redis-sentinels.ts';
import { formSingleMemberCluster } from './single-member-cluster.ts';

export type RedisShape = 'server' | 'sentinel' | 'cluster';

/** A Redis that takes nobody without TLS and a password, and what is needed to get in, in files. */
export interface SecuredRedis extends AsyncDisposable {
  /** Without a password. */
  readonly url: string;
  readonly caFile: string;
  readonly passwordFile: string;
  readonly sentinelPasswordFile: string;
  /** The user whom Sentinels know by that password, beside their default user. */
  readonly sentinelUser: string;
  /** Lets Sentinels take nobody but that user any more. */
  closeDefaultUserOfSentinel(): Promise<void>;
  /** Gives the server another password; it breaks all connections. */
  changePassword(next: string): Promise<void>;
  /** Writes a file as careful people do: under another name, then renamed. */
  write(file: string, text: string): Promise<void>;
  readonly directory: string;
}

const first = 'the first password: %#/';
const ofSentinels = 'only for Sentinels';
const sentinelUser = 'pushfleet-at-sentinels';
/** Starts one whose certificate was issued by a CA of its own. The port without TLS is open for the test alone, and asks for the password. */
export async function startSecuredRedis(shape: RedisShape): Promise<SecuredRedis> {
  const file = await requireRedisBinary();
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-secured-redis-'));
  await using starting = new AsyncDisposableStack();
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const write = async (name: string, text: string) => {
    const path = join(directory, name);
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    return path;
  };
  const authority = await MadeAuthority.create('CA of Redis');
  const { cert, key } = await authority.issue({ names: ['127.0.0.1'], use: 'member' });
  const caFile = await write('redis-ca.crt', authority.pem);
  const tls = ['--tls-cert-file', await write('redis.crt', cert), '--tls-key-file', await write('redis.key', key)];
  tls.push('--tls-ca-cert-file', caFile, '--tls-auth-clients', 'no');
  const start = async (extra: string[], options?: RedisProcessOptions) => {
    // Where members of a cluster talk to one another, 10,000 above, nobody listens on either port.
    const [tlsPort = 0] = await findFreePorts(1, clusterPorts);
    const server = await startRedisProcess(file, ['--tls-port', String(tlsPort), ...tls, ...extra], options);
    starting.defer(() => server.stop());
    return { plain: server.url, tlsPort };
  };
  const inMemory = ['--save', '', '--appendonly', 'no'];
  const cluster = ['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  const server = await start([...inMemory, ...(shape === 'cluster' ? cluster : [])]);
  if (shape === 'cluster') await formSingleMemberCluster(server.plain);
  await askRedis(server.plain, ['CONFIG', 'SET', 'requirepass', first]);
  const sentinel = shape === 'sentinel' ? await startSentinel(server.tlsPort, write, start) : undefined;
  const hosts = sentinel?.tlsPort ?? server.tlsPort;
  let known = first;
  const running = starting.move();
  return {
    url: `rediss${shape === 'server' ? '' : `+${shape}`}://127.0.0.1:${hosts}${shape === 'sentinel' ? '/main' : ''}`,
    ...{ caFile, directory, sentinelUser },
    closeDefaultUserOfSentinel: async () => {
      const admin = new Redis(sentinel?.plain ?? '', { password: ofSentinels });
      await admin.call('ACL', 'SETUSER', 'default', 'off');
      admin.disconnect();
    },
    passwordFile: await write('redis-password', `${first}\r\nwhat follows is not read\n`),
    sentinelPasswordFile: await write('sentinel-password', ofSentinels),
    write: async (path, text) => void (await write(path.slice(directory.length + 1), text)),
    changePassword: async (next) => {
      const admin = new Redis(server.plain, { password: known });
      await admin.config('SET', 'requirepass', next);
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      known = next;
      admin.disconnect();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** @returns its addresses without and with TLS */
async function startSentinel(
  masterPort: number,
  write: (name: string, text: string) => Promise<string>,
  start: (extra: string[], options?: RedisProcessOptions) => Promise<{ plain: string; tlsPort: number }>,
): Promise<{ plain: string; tlsPort: number }> {
  const monitor = `sentinel monitor main 127.0.0.1 ${masterPort} 1\nsentinel auth-pass main ${JSON.stringify(first)}\n`;
  const config = await write('sentinel.conf', `${monitor}tls-replication yes\n`);
  const [port = 0] = await findFreePorts(1);
  const sentinel = await start(['--sentinel'], { port, config });
  await eventuallyAnswers(sentinel.plain, ['INFO', 'sentinel'], 'masters:1');
  await askRedis(sentinel.plain, ['ACL', 'SETUSER', sentinelUser, 'on', `>${ofSentinels}`, ...sentinelRights]);
  await askRedis(sentinel.plain, ['ACL', 'SETUSER', 'default', 'resetpass', `>${ofSentinels}`]);
  return sentinel;
}
