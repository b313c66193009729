import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../cluster/free-ports.ts';
import { waitForPong } from './redis-port.ts';
import type { RunningRedis } from './running-redis.ts';

const host = '127.0.0.1';

/** Members of a cluster talk to one another on their port + 10,000, which nobody else may get either. */
export const clusterPorts = { upTo: 22_767, twinAt: 10_000 };

export interface RedisProcessOptions {
  port?: number;
  /** A file of settings that the server may write to. */
  config?: string;
}

/** Runs a redis-server or valkey-server on a free loopback port. */
export async function startRedisProcess(
  file: string,
  extra: string[],
  options: RedisProcessOptions = {},
): Promise<RunningRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-redis-'));
  const port = options.port ?? (await findPort(extra.includes('--cluster-enabled')));
  const config = options.config ? [options.config] : [];
  const args = [...config, '--port', String(port), '--bind', host, '--dir', directory, '--daemonize', 'no', ...extra];
  let child = await start(file, args, port);
  return {
    url: `redis://${host}:${port}`,
    stop: async () => {
      await kill(child);
      await rm(directory, { recursive: true, force: true });
    },
    restart: async () => {
      await kill(child);
      await mkdir(directory, { recursive: true });
      child = await start(file, args, port);
    },
  };
}

async function findPort(isOfCluster: boolean): Promise<number> {
  const [port = 0] = await findFreePorts(1, isOfCluster ? clusterPorts : {});
  return port;
}

async function start(file: string, args: string[], port: number): Promise<ChildProcess> {
  // Nothing of ours is inherited: a server that is left over would keep the test runner from ending.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => {
      // Its first output says why it did not start.
      if (log.length < 16_384) log += text;
    });
  }
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  const died = once(child, 'exit').then(() => {
    throw new Error(`${file} did not start:\n${log}`);
  });
  // Its death no longer matters here once it answers.
  died.catch(() => undefined);
  await Promise.race([waitForPong(host, port), died]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
