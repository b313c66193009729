import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argumentsOf, type KnownProcess } from '@pushfleet/loadtest';
import { localRedisProcesses, type RedisValues } from '@pushfleet/registry';
import { findFreePorts } from '../dev/ports.ts';
import { waitUntil } from '../dev/wait-until.ts';
import { CommandFailure } from '../output/failure.ts';

const host = '127.0.0.1';
const program = 'redis-server';
const startMs = 10_000;
const entry = new URL(`./redis-keeper${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** A Redis server for one run: it writes nothing to disk but its log, and ends with whoever started it, however that ends. */
export class LoadRedis implements AsyncDisposable {
  readonly url: string;
  readonly #directory: string;
  readonly #keeper: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #failed = new AbortController();
  #isEnding = false;

  /** @throws CommandFailure */
  static async start(signal: AbortSignal): Promise<LoadRedis> {
    const directory = await mkdtemp(join(tmpdir(), 'pushfleet-redis-'));
    const [port = 0] = await findFreePorts(host, 1);
    const redis = new LoadRedis(directory, port);
    try {
      const halt = AbortSignal.any([signal, redis.failed]);
      await waitUntil(() => redis.#answers(), { what: 'the Redis server to answer', timeoutMs: startMs, signal: halt });
      return redis;
    } catch (error) {
      await redis[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(directory: string, port: number) {
    this.url = `redis://${host}:${port}`;
    this.#directory = directory;
    const log = openSync(this.#logFile, 'w', 0o600);
    const args = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no', '--dir', directory];
    this.#keeper = fork(entry, [program, ...args], {
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    this.#ended = once(this.#keeper, 'exit');
    this.#keeper.on('error', () => {});
    void this.#ended.then(() => this.#onEnd());
  }

  /** Fires, with the reason, when it ends by itself. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    if (this.#keeper.connected) this.#keeper.disconnect();
    await this.#ended;
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #logFile(): string {
    return join(this.#directory, 'redis.log');
  }

  async #answers(): Promise<true | string> {
    return (await localRedisProcesses({ redisUrl: this.url })).length > 0 || 'it does not answer';
  }

  async #onEnd(): Promise<void> {
    if (this.#isEnding) return;
    const lines = (await readFile(this.#logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-3);
    this.#failed.abort(new CommandFailure(['the Redis server of --start-redis has ended', ...lines].join('\n  ')));
  }
}

/** Redis servers of this machine that the settings name. In a container they have other process ids than they say: those are left out. */
export async function redisProcesses(values: RedisValues & { redisUrl: string }): Promise<KnownProcess[]> {
  const pids = (await localRedisProcesses(values)).filter(isRedisServer);
  return pids.map((pid, index) => ({ role: 'registry', name: index === 0 ? 'redis' : `redis-${index}`, pid }));
}

export function isRedisServer(pid: number): boolean {
  return /(^|\/)(redis|valkey)-server( |$)/.test(argumentsOf(pid)[0] ?? '');
}
