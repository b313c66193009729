import type { ServiceError } from '@grpc/grpc-js';
import { type DeviceId, type Epoch, type ErrorCode, fromStatus, PushfleetError } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { WorkerRef } from '@pushfleet/registry';
import { type Clock, type ClusterNetwork, createLimiter, type Logger, TurnBatch, Unanswered } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';

interface Eviction {
  deviceId: DeviceId;
  epoch: Epoch;
  newerIsGone: boolean;
}

interface Addressed {
  worker: WorkerRef;
  eviction: Eviction;
  /** The moment of the first question. */
  sinceMs: number;
}

interface UsedClient {
  client: InstanceType<typeof NodeControlService>;
  usedAtMs: number;
}

/** Finds the control endpoint of a worker; `undefined`: that worker is gone, and its links with it. */
export type FindControlAddress = (worker: WorkerRef) => Promise<string | undefined>;

export interface EvictorOptions {
  network: Pick<ClusterNetwork, 'connect'>;
  find: FindControlAddress;
  clock: Clock;
  logger: Logger;
}

const callDeadlineMs = 5_000;
const maxEvictionsPerCall = 500;
const concurrency = 4;
/** Workers to which a connection is kept; the one that was used longest ago is disconnected first. */
const maxClients = 64;
/** Evictions come in storms, when devices move: a client without calls is of no use after that. */
const idleClientMs = 60_000;
/** The time for which an unreachable worker is asked again: by then it is replaced, or dead, and asserts its sessions should it come back. */
const unreachableForMs = 120_000;

/**
 * Makes other workers close the links of devices that have a newer session here. The evictions of one turn of the event loop for
 * one worker go in one call, over a connection that is kept for the next ones. Nobody else tells a worker of the newer session: those
 * for which the registry did not answer, here or there, are repeated until it does, and those to an unreachable worker for two minutes.
 */
export class Evictor implements Disposable {
  readonly #options: EvictorOptions;
  readonly #limited = createLimiter(concurrency);
  readonly #evictions = new TurnBatch<Addressed>({
    write: (batch) => {
      void this.#sendAll(batch);
      return true;
    },
  });
  readonly #unanswered: Unanswered<Addressed>;
  #isDisposed = false;
  /** By the push server and the address of the worker. */
  readonly #clients = new LRUCache<string, UsedClient>({ max: maxClients, dispose: ({ client }) => client.close() });

  constructor(options: EvictorOptions) {
    this.#options = options;
    this.#unanswered = new Unanswered({ ask: (evictions) => this.#sendAll(evictions), clock: options.clock });
  }

  /** @param newerIsGone The newer link has ended already. */
  evict(deviceId: DeviceId, epoch: Epoch, worker: WorkerRef, newerIsGone = false): void {
    this.#evictions.add({ worker, eviction: { deviceId, epoch, newerIsGone }, sinceMs: this.#options.clock.now() });
  }

  /**
   * Makes each of the workers close the device's link; resolves once all of them have, or have not answered, which are asked again. The
   * newer link is gone.
   */
  async evictFrom(deviceId: DeviceId, epoch: Epoch, workers: readonly WorkerRef[]): Promise<void> {
    const eviction = { deviceId, epoch, newerIsGone: true };
    const sinceMs = this.#options.clock.now();
    await this.#sendAll(workers.map((worker) => ({ worker, eviction, sinceMs })));
  }

  /** To be called now and then: closes the connections that nobody has used for a minute. */
  tick(): void {
    const idleSinceMs = this.#options.clock.now() - idleClientMs;
    for (const [key, { usedAtMs }] of [...this.#clients.entries()]) {
      if (usedAtMs <= idleSinceMs) this.#clients.delete(key);
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#unanswered[Symbol.dispose]();
    this.#clients.clear();
  }

  /** Never rejects: those without an answer are repeated. */
  async #sendAll(evictions: readonly Addressed[]): Promise<void> {
    const calls: Promise<void>[] = [];
    for (const group of Map.groupBy(evictions, ({ worker }) => worker.bootId).values()) {
      for (let from = 0; from < group.length; from += maxEvictionsPerCall) {
        const batch = group.slice(from, from + maxEvictionsPerCall);
        calls.push(this.#limited(() => this.#send(batch)));
      }
    }
    await Promise.all(calls);
  }

  async #send(batch: readonly Addressed[]): Promise<void> {
    const { find, logger } = this.#options;
    const [first] = batch;
    if (!first) return;
    const { worker } = first;
    try {
      const address = await find(worker);
      const evictions = batch.map(({ eviction }) => eviction);
      if (address !== undefined) await this.#call(this.#clientOf(address, worker), evictions);
    } catch (error) {
      logger.warn({ ...worker, evictions: batch.length, err: error }, 'sessions not evicted from another worker');
      if (!this.#isDisposed) this.#unanswered.add(batch.filter(({ sinceMs }) => this.#mayRepeat(error, sinceMs)));
    }
  }

  #mayRepeat(error: unknown, sinceMs: number): boolean {
    const code = codeOf(error);
    if (code === 'REGISTRY_UNAVAILABLE') return true;
    const isUnreachable = code === 'UNREACHABLE' || code === 'DEADLINE_EXCEEDED';
    return isUnreachable && this.#options.clock.now() - sinceMs < unreachableForMs;
  }

  #clientOf(address: string, { nodeId }: WorkerRef): UsedClient['client'] {
    const usedAtMs = this.#options.clock.now();
    const key = `${nodeId} ${address}`;
    const known = this.#clients.get(key);
    if (known) {
      known.usedAtMs = usedAtMs;
      return known.client;
    }
    const to = { address, member: { role: 'push-server', name: nodeId } } as const;
    const client = this.#options.network.connect(NodeControlService, to, {
      // A worker that was replaced by one on the same port is reached at once, not after minutes of back-off.
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
    this.#clients.set(key, { client, usedAtMs });
    return client;
  }

  #call(client: UsedClient['client'], evictions: Eviction[]): Promise<void> {
    return new Promise((resolve, reject) => {
      // Deadlines of grpc-js are moments by the wall clock.
      const deadline = this.#options.clock.wallMs() + callDeadlineMs;
      client.evict({ evictions }, { deadline }, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof PushfleetError) return error.code;
  return fromStatus(error as ServiceError).code;
}
