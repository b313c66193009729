import { setTimeout as delay } from 'node:timers/promises';
import { PushfleetError } from '@pushfleet/protocol';
import { type ChainableCommander, Redis, type RedisOptions } from 'ioredis';
import type { Script } from './scripts.ts';

/** A caller learns within this time that Redis does not answer. */
const commandTimeoutMs = 2_000;

const options = {
  lazyConnect: true,
  // While disconnected a call rejects at once; what is under way when the connection breaks rejects then. Nothing is
  // sent twice behind the caller's back.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: commandTimeoutMs,
  connectTimeout: commandTimeoutMs,
  // A connection that owes answers and is silent for longer is half-open: only a new one helps.
  socketTimeout: 2 * commandTimeoutMs,
  // For ever, at most a second apart, and never all processes in step.
  retryStrategy: (attempt: number) => Math.min(1_000, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2),
  // After a failover an old connection may still lead to the former master.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  // A user with few rights may be denied HELLO and CLIENT; nothing here needs either.
  protocol: 2,
  disableClientInfo: true,
} satisfies RedisOptions;

/** One connection to Redis. Whatever goes wrong on it is PushfleetError REGISTRY_UNAVAILABLE. */
export class RedisConnection implements AsyncDisposable {
  readonly #client: Redis;
  readonly #address: string;
  #lastError: Error | undefined;

  private constructor(url: string) {
    this.#address = addressOf(url);
    this.#client = new Redis(url, options);
    // Without a listener an error would end the process; the client connects again by itself.
    this.#client.on('error', (error: Error) => {
      this.#lastError = error;
    });
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE if Redis does not answer within `withinMs`. */
  static async open(url: string, withinMs: number): Promise<RedisConnection> {
    const connection = new RedisConnection(url);
    if (await connection.#isReady(withinMs)) return connection;
    connection.#client.disconnect();
    const reason = connection.#lastError ? `: ${connection.#lastError.message}` : '';
    const message = `Redis at ${connection.#address} did not answer for ${withinMs} ms${reason}`;
    throw new PushfleetError('REGISTRY_UNAVAILABLE', message, { cause: connection.#lastError });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#client.status === 'ready') await this.#client.quit();
    } catch {
      // It breaks while it says goodbye: gone either way.
    }
    this.#client.disconnect();
  }

  /** Runs a script as one atomic operation. `Reply` is what the script's header says. */
  async run<Reply>(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<Reply> {
    return this.#guard(() => this.#evaluate(script, keys, args)) as Promise<Reply>;
  }

  /** Sends one command that is atomic by itself. */
  async send<Reply>(command: (client: Redis) => Promise<Reply>): Promise<Reply> {
    return this.#guard(() => command(this.#client));
  }

  /** Sends commands in one round trip; they are not atomic together. Replies come in their order. */
  async sendAll<Reply>(add: (pipeline: ChainableCommander) => void): Promise<Reply[]> {
    return this.#guard(async () => {
      const pipeline = this.#client.pipeline();
      add(pipeline);
      const replies = (await pipeline.exec()) ?? [];
      return replies.map(([error, reply]) => {
        if (error) throw error;
        return reply as Reply;
      });
    });
  }

  async #evaluate(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#client.evalsha(script.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      // Redis has not seen it yet, or has forgotten it: a restart, a failover, SCRIPT FLUSH. Nothing was done so far.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.#client.eval(script.source, keys.length, ...keys, ...args);
    }
  }

  async #guard<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    try {
      return await work();
    } catch (cause) {
      throw new PushfleetError('REGISTRY_UNAVAILABLE', `Redis at ${this.#address} ${complaint(cause)}`, { cause });
    }
  }

  async #isReady(withinMs: number): Promise<boolean> {
    const waiting = new AbortController();
    const ready = new Promise<true>((resolve) => this.#client.once('ready', () => resolve(true)));
    // A first attempt that fails is no answer yet: the client goes on trying.
    this.#client.connect().catch(() => undefined);
    const timeout = delay(withinMs, false, { signal: waiting.signal }).catch(() => false);
    return Promise.race([ready, timeout]).finally(() => waiting.abort());
  }
}

/** Redis' own errors begin with a word that says enough; the rest of their text may quote keys and stays in `cause`. */
function complaint(error: unknown): string {
  const isReply = error instanceof Error && error.name === 'ReplyError';
  return isReply ? `refuses: ${error.message.split(' ', 1)[0]}` : 'does not answer';
}

/** Without user and password. */
function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6379}`;
}
