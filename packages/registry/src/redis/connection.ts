import { setTimeout as delay } from 'node:timers/promises';
import { PushfleetError } from '@pushfleet/protocol';
import type { AttendedTime } from '@pushfleet/runtime';
import { type ChainableCommander, Cluster, type Redis } from 'ioredis';
import type { RegistryFinding } from '../registry.ts';
import { toRegistryError } from '../registry.ts';
import { AnswerDeadlines } from './answer-deadlines.ts';
import { createClient, type PlacedClient, type RedisPlace } from './clients.ts';
import { faultOf } from './fault.ts';
import { judgeServer } from './fitness.ts';
import { type Script, takeTime } from './scripts.ts';
import { ServerWatch } from './server-watch.ts';
import { describeTarget, type RedisTarget } from './target.ts';
import { writeOncePerTurn } from './turn-writes.ts';

/** ioredis has them, its types do not. */
interface BufferScripting {
  evalshaBuffer(sha1: string, numberOfKeys: number, ...rest: (string | number | Buffer)[]): unknown;
  evalBuffer(source: string, numberOfKeys: number, ...rest: (string | number | Buffer)[]): unknown;
}

export interface ScriptCall {
  keys: readonly string[];
  args: readonly (string | number | Buffer)[];
}

/** The way to Redis: one server, whoever the Sentinels say is the master, or a cluster. Whatever goes wrong on it is a PushfleetError; see RegistryFault. */
export class RedisConnection implements AsyncDisposable {
  readonly #client: Redis;
  readonly #placed: PlacedClient;
  readonly #isCluster: boolean;
  readonly #kind: RedisTarget['kind'];
  readonly #address: string;
  readonly #watch: ServerWatch;
  readonly #deadlines: AnswerDeadlines;
  readonly #wallMs: (() => number) | undefined;
  #lastError: Error | undefined;

  private constructor(place: RedisPlace, attended: AttendedTime, wallMs: (() => number) | undefined) {
    this.#wallMs = wallMs;
    this.#placed = createClient(place);
    const { client, target } = this.#placed;
    this.#address = describeTarget(target);
    this.#kind = target.kind;
    this.#isCluster = client instanceof Cluster;
    writeOncePerTurn(client);
    this.#watch = new ServerWatch(client);
    this.#deadlines = new AnswerDeadlines(client, attended);
    // The commands are the same; where they differ is known by `isCluster`.
    this.#client = client as Redis;
    // Without a listener an error would end the process; the client connects again by itself.
    for (const event of ['error', 'node error']) {
      this.#client.on(event, (error: Error) => {
        this.#lastError = error;
      });
    }
  }

  /**
   * @param wallMs The time that scripts go by; absent: that of the server.
   * @throws PushfleetError REGISTRY_UNAVAILABLE if Redis does not answer within `withinMs`.
   */
  static async open(
    place: RedisPlace,
    withinMs: number,
    attended: AttendedTime,
    wallMs?: () => number,
  ): Promise<RedisConnection> {
    const connection = new RedisConnection(place, attended, wallMs);
    if (await connection.#isReady(withinMs)) return connection;
    connection.#close();
    const reason = connection.#lastError ? `: ${connection.#lastError.message}` : '';
    const message = `Redis at ${connection.#address} did not answer for ${withinMs} ms${reason}`;
    throw new PushfleetError('REGISTRY_UNAVAILABLE', message, { cause: connection.#lastError });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#client.status === 'ready') await this.#deadlines.limit(this.#client.quit());
    } catch {
      // It breaks while it says goodbye: gone either way.
    }
    this.#close();
  }

  #close(): void {
    this.#placed[Symbol.dispose]();
    this.#deadlines[Symbol.dispose]();
    this.#client.disconnect();
  }

  /** How often the last writes may have been lost: see ServerWatch. */
  get serverChanges(): number {
    return this.#watch.changes;
  }

  /** Findings about the server, or about the first master of a cluster for which there are any. */
  async check(): Promise<RegistryFinding[]> {
    for (const server of this.#masters()) {
      const findings = await this.#guard(() => checkServer(server, this.#kind));
      if (findings.length > 0) return findings.map((finding) => this.#name(finding));
    }
    return [];
  }

  #name(finding: RegistryFinding): RegistryFinding {
    return { ...finding, words: `Redis at ${this.#address}: ${finding.words}` };
  }

  /** Runs a script as one atomic operation. `Reply` is what the script's header says. */
  async run<Reply>(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<Reply> {
    const [sent, all] = this.#atTime(script, args);
    return this.#guard(() => this.#evaluate(sent, keys, all as (string | number)[])) as Promise<Reply>;
  }

  /** Sends one command that is atomic by itself. */
  async send<Reply>(command: (client: Redis) => Promise<Reply>): Promise<Reply> {
    return this.#guard(() => command(this.#client));
  }

  /**
   * Runs one script many times in one round trip per server; each is atomic by itself. Those of one key come to pass in
   * their order. Replies hold Buffers where `run` answers text.
   */
  async runEach<Reply>(script: Script, calls: readonly ScriptCall[]): Promise<Reply[]> {
    const replies = await this.tryEach<Reply>(script, calls);
    const failed = replies.find((reply) => reply instanceof PushfleetError);
    if (failed) throw failed;
    return replies as Reply[];
  }

  /** Does what `runEach` does, with the error of each call that failed in the place of its reply. Throws where all failed. */
  async tryEach<Reply>(untimed: Script, untimedCalls: readonly ScriptCall[]): Promise<(Reply | PushfleetError)[]> {
    const [script] = this.#atTime(untimed, []);
    const calls = untimedCalls.map(({ keys, args }) => ({ keys, args: this.#atTime(untimed, args)[1] }));
    const replies = await this.#guard(() =>
      this.#exchange((pipeline) => {
        const scripting = pipeline as unknown as BufferScripting;
        for (const { keys, args } of calls) scripting.evalshaBuffer(script.sha1, keys.length, ...keys, ...args);
      }),
    );
    let failures = 0;
    for (const [index, reply] of replies.entries()) {
      if (!(reply instanceof Error)) continue;
      replies[index] = await this.#tryInFull(script, calls[index] as ScriptCall, reply);
      if (!(replies[index] instanceof PushfleetError)) continue;
      failures += 1;
      if (failures === replies.length) throw replies[index];
    }
    return replies as (Reply | PushfleetError)[];
  }

  /** Sends commands in one round trip per server; they are not atomic together. Replies come in their order. */
  async sendAll<Reply>(add: (pipeline: ChainableCommander) => void): Promise<Reply[]> {
    return this.#guard(async () => {
      const replies = await this.#exchange(add);
      const error = replies.find((reply) => reply instanceof Error);
      if (error) throw error;
      return replies as Reply[];
    });
  }

  /** The answer of each master; `undefined`: it refuses the question. */
  async askMasters<Reply>(question: (server: Redis) => Promise<Reply>): Promise<(Reply | undefined)[]> {
    return this.#guard(() => Promise.all(this.#masters().map((server) => unlessRefused(question(server)))));
  }

  #masters(): Redis[] {
    const client = this.#client as Redis | Cluster;
    return client instanceof Cluster ? client.nodes('master') : [client];
  }

  /** Calls `onKeys` with all keys of the pattern, some at a time; one that is there all the while at least once. */
  async scan(pattern: string, onKeys: (keys: string[]) => Promise<void>): Promise<void> {
    for (const server of this.#masters()) {
      let cursor = '0';
      do {
        const [next, keys] = await this.#guard(() => server.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000));
        if (keys.length > 0) await onKeys(keys);
        cursor = next;
      } while (cursor !== '0');
    }
  }

  #atTime(script: Script, args: ScriptCall['args']): [Script, ScriptCall['args']] {
    return this.#wallMs ? [takeTime(script), [...args, this.#wallMs()]] : [script, args];
  }

  /** Each reply, or the error in its place. */
  async #exchange(add: (pipeline: ChainableCommander) => void): Promise<unknown[]> {
    if (this.#isCluster) {
      const settled = await Promise.allSettled(this.#sendEach(add));
      return settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason));
    }
    const pipeline = this.#client.pipeline();
    add(pipeline);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, reply]) => error ?? reply);
  }

  /** A pipeline goes to one server. In a cluster each command finds its own; none waits for another one's reply. */
  #sendEach(add: (pipeline: ChainableCommander) => void): Promise<unknown>[] {
    const client = this.#client as unknown as Record<string | symbol, (...args: unknown[]) => Promise<unknown>>;
    const replies: Promise<unknown>[] = [];
    const sender: ChainableCommander = new Proxy({} as ChainableCommander, {
      get:
        (_, command) =>
        (...args: unknown[]) => {
          const reply = client[command]?.(...args);
          if (reply) replies.push(reply);
          return sender;
        },
    });
    add(sender);
    return replies;
  }

  async #evaluate(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#client.evalsha(script.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isMissingScript(error)) throw error;
      return this.#client.eval(script.source, keys.length, ...keys, ...args);
    }
  }

  /** Sends the script itself, if that is what was missing. */
  async #tryInFull(script: Script, { keys, args }: ScriptCall, error: Error): Promise<unknown> {
    if (!isMissingScript(error)) return this.#failed(error);
    const scripting = this.#client as unknown as BufferScripting;
    try {
      return await scripting.evalBuffer(script.source, keys.length, ...keys, ...args);
    } catch (cause) {
      return this.#failed(cause);
    }
  }

  async #guard<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    try {
      return await this.#deadlines.limit(work());
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  #failed(cause: unknown): PushfleetError {
    return toRegistryError(`Redis at ${this.#address}`, faultOf(cause), cause);
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

/** `undefined`: the user may not ask that, or the server knows no such question. Many may not, and some managed servers refuse everybody. */
async function unlessRefused<Reply>(question: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  }
}

async function checkServer(server: Redis, kind: RedisTarget['kind']): Promise<RegistryFinding[]> {
  const [info, settings] = await Promise.all([
    unlessRefused(server.info()),
    unlessRefused(server.config('GET', 'save') as Promise<string[]>),
  ]);
  return judgeServer(info, settings?.[1], kind);
}

/** Redis has not seen it yet, or has forgotten it: a restart, a failover, SCRIPT FLUSH. Nothing was done so far. */
function isMissingScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
