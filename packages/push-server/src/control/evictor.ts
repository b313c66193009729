import { credentials } from '@grpc/grpc-js';
import type { DeviceId, Epoch } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { WorkerRef } from '@pushfleet/registry';
import { type Clock, type ClusterCredentials, clusterServerName, createLimiter, type Logger } from '@pushfleet/runtime';

interface Eviction {
  deviceId: DeviceId;
  epoch: Epoch;
}

/** Where the control endpoint of a worker is; `undefined`: that worker is gone, and its links with it. */
export type FindControlAddress = (worker: WorkerRef) => Promise<string | undefined>;

const callDeadlineMs = 5_000;
const maxEvictionsPerCall = 500;

/**
 * Tells other workers to close links whose devices now have a newer session here. What gathers in one turn of the event
 * loop for one worker goes in one call. Best effort: an unreachable worker is dead, frozen, or finds its device gone by
 * keep-alive; routes name the newer session in any case.
 */
export class Evictor {
  readonly #credentials: ClusterCredentials;
  readonly #find: FindControlAddress;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limited = createLimiter(4);
  readonly #gathered = new Map<string, { worker: WorkerRef; evictions: Eviction[] }>();

  constructor(cluster: ClusterCredentials, find: FindControlAddress, clock: Clock, logger: Logger) {
    this.#credentials = cluster;
    this.#find = find;
    this.#clock = clock;
    this.#logger = logger;
  }

  evict(deviceId: DeviceId, epoch: Epoch, worker: WorkerRef): void {
    const gathered = this.#gathered.get(worker.bootId);
    if (gathered) {
      gathered.evictions.push({ deviceId, epoch });
      return;
    }
    this.#gathered.set(worker.bootId, { worker, evictions: [{ deviceId, epoch }] });
    setImmediate(() => this.#flush(worker));
  }

  #flush(worker: WorkerRef): void {
    const { evictions } = this.#gathered.get(worker.bootId) ?? { evictions: [] };
    this.#gathered.delete(worker.bootId);
    for (let from = 0; from < evictions.length; from += maxEvictionsPerCall) {
      const some = evictions.slice(from, from + maxEvictionsPerCall);
      void this.#limited(() => this.#send(worker, some));
    }
  }

  async #send(worker: WorkerRef, evictions: Eviction[]): Promise<void> {
    try {
      const address = await this.#find(worker);
      if (address !== undefined) await this.#call(address, evictions);
    } catch (error) {
      this.#logger.warn({ worker, evictions: evictions.length, err: error }, 'worker not told of sessions taken over');
    }
  }

  async #call(address: string, evictions: Eviction[]): Promise<void> {
    const { ca, key, cert } = this.#credentials;
    const options = {
      'grpc.ssl_target_name_override': clusterServerName,
      'grpc.enable_http_proxy': 0,
      'grpc.enable_channelz': 0,
    };
    const client = new NodeControlService(address, credentials.createSsl(ca, key, cert), options);
    try {
      await new Promise<void>((resolve, reject) => {
        // Deadlines of grpc-js are moments by the wall clock.
        const deadline = this.#clock.wallMs() + callDeadlineMs;
        client.evict({ evictions }, { deadline }, (error) => (error ? reject(error) : resolve()));
      });
    } finally {
      client.close();
    }
  }
}
