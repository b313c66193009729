import type { Socket } from 'node:net';
import { type AttendedTime, DeadlineQueue } from '@pushfleet/runtime';
import { Cluster, type Redis } from 'ioredis';

/** A caller learns within this time that Redis does not answer. */
const answerMs = 2_000;
/** A connection that owes answers and is silent for longer is half-open: only a new one helps. */
const silenceMs = 4_000;
const lookEveryMs = 250;

interface Call {
  reject(error: Error): void;
}

/** The members of ioredis that it does not declare. Tests hold it to this. */
interface Connection {
  stream?: Socket;
  commandQueue?: { length: number };
}

interface Heard {
  bytes: number;
  atMs: number;
}

/**
 * Time limits for answers of Redis, by a clock that does not count the pauses of this process, and after what lies in the
 * sockets was read: ioredis' own would end calls whose answers are there, and connections that are sound, whenever this process
 * was busy for longer. One timer for all calls.
 */
export class AnswerDeadlines implements Disposable {
  readonly #client: Redis | Cluster;
  readonly #attended: AttendedTime;
  readonly #calls = new DeadlineQueue<Call>(answerMs);
  readonly #heard = new WeakMap<Socket, Heard>();
  readonly #timer: Disposable;

  constructor(client: Redis | Cluster, attended: AttendedTime) {
    this.#client = client;
    this.#attended = attended;
    this.#timer = attended.every(lookEveryMs, () => this.#look());
  }

  /** Settles as the answer does, or rejects when it does not come in time. */
  limit<Reply>(answer: Promise<Reply>): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const call = { reject };
    this.#calls.set(call, this.#attended.now());
    answer.then(
      (reply) => {
        this.#calls.delete(call);
        resolve(reply);
      },
      (error) => {
        this.#calls.delete(call);
        reject(error);
      },
    );
    return promise;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    for (const call of this.#calls.takeDue(Number.POSITIVE_INFINITY)) call.reject(new Error('Connection is closed.'));
  }

  #look(): void {
    const nowMs = this.#attended.now();
    for (const call of this.#calls.takeDue(nowMs)) call.reject(new Error('Command timed out'));
    const servers = this.#client instanceof Cluster ? this.#client.nodes() : [this.#client];
    for (const server of servers) this.#lookAt(server as unknown as Connection, nowMs);
  }

  #lookAt({ stream, commandQueue }: Connection, nowMs: number): void {
    if (!stream || stream.destroyed) return;
    const { bytesRead: bytes } = stream;
    const heard = this.#heard.get(stream);
    if (!heard || heard.bytes !== bytes || !commandQueue?.length) this.#heard.set(stream, { bytes, atMs: nowMs });
    else if (nowMs - heard.atMs >= silenceMs) stream.destroy(new Error(`no answer for ${silenceMs} ms`));
  }
}
