import type { DeviceId, Epoch } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { WorkerRef } from '@pushfleet/registry';
import { type Clock, type ClusterNetwork, createLimiter, type Logger, TurnBatch } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';

interface Eviction {
  deviceId: DeviceId;
  epoch: Epoch;
  newerIsGone: boolean;
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

/**
 * Makes other workers close the links of devices that have a newer session here. The evictions of one turn of the event loop for
 * one worker go in one call, over a connection that is kept for the next ones. Best effort: an unreachable worker is dead, frozen,
 * or finds its device gone by keep-alive; routes name the newer session in any case.
 */
export class Evictor implements Disposable {
  readonly #options: EvictorOptions;
  readonly #limited = createLimiter(concurrency);
  readonly #evictions = new TurnBatch<{ worker: WorkerRef; eviction: Eviction }>({
    write: (batch) => {
      for (const group of Map.groupBy(batch, ({ worker }) => worker.bootId).values()) {
        const [first] = group;
        if (first)
          this.#sendAll(
            first.worker,
            group.map(({ eviction }) => eviction),
          );
      }
      return true;
    },
  });
  /** By the push server and the address of the worker. */
  readonly #clients = new LRUCache<string, UsedClient>({ max: maxClients, dispose: ({ client }) => client.close() });

  constructor(options: EvictorOptions) {
    this.#options = options;
  }

  /** @param newerIsGone The newer link has ended already. */
  evict(deviceId: DeviceId, epoch: Epoch, worker: WorkerRef, newerIsGone = false): void {
    this.#evictions.add({ worker, eviction: { deviceId, epoch, newerIsGone } });
  }

  /** Makes each of the workers close the device's link; resolves once all of them have, or cannot be reached. The newer link is gone. */
  async evictFrom(deviceId: DeviceId, epoch: Epoch, workers: readonly WorkerRef[]): Promise<void> {
    const evictions = [{ deviceId, epoch, newerIsGone: true }];
    await Promise.all(workers.map((worker) => this.#limited(() => this.#send(worker, evictions))));
  }

  /** To be called now and then: closes the connections that nobody has used for a minute. */
  tick(): void {
    const idleSinceMs = this.#options.clock.now() - idleClientMs;
    for (const [key, { usedAtMs }] of [...this.#clients.entries()]) {
      if (usedAtMs <= idleSinceMs) this.#clients.delete(key);
    }
  }

  [Symbol.dispose](): void {
    this.#clients.clear();
  }

  #sendAll(worker: WorkerRef, evictions: readonly Eviction[]): void {
    for (let from = 0; from < evictions.length; from += maxEvictionsPerCall) {
      const batch = evictions.slice(from, from + maxEvictionsPerCall);
      void this.#limited(() => this.#send(worker, batch));
    }
  }

  async #send(worker: WorkerRef, evictions: Eviction[]): Promise<void> {
    const { find, logger } = this.#options;
    try {
      const address = await find(worker);
      if (address !== undefined) await this.#call(this.#clientOf(address, worker), evictions);
    } catch (error) {
      logger.warn({ ...worker, evictions: evictions.length, err: error }, 'sessions not evicted from another worker');
    }
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
