import type { Registry } from '@pushfleet/registry';
import { openRedisRegistry } from '@pushfleet/registry/redis';
import type { AttendedTime } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { present, type Software } from '../versions/software.ts';
import type { SimulatedProcess } from '../world/process.ts';
import { firstWallMs } from '../world/world.ts';
import type { Copy, RegistryStore } from './registry-store.ts';

const keyPrefix = 'simulation';
const connectWithinMs = 60_000;
/** The world waits for each answer, however long this machine takes for it: no deadline passes meanwhile. */
const standingStill: AttendedTime = {
  now: () => 0,
  after: () => ({ [Symbol.dispose]: () => {} }),
  every: () => ({ [Symbol.dispose]: () => {} }),
};
/** Keys that administrators write, after the prefix. */
const writtenByHand = new RegExp(
  [
    ':{fleet}:(?:groups|group-moves|distribution-points|devices|device-groups|api-tokens)$',
    ':{fleet}:(?:group|tree|label)-devices:',
    ':{device:.*}:record$',
  ].join('|'),
);
/** And those of what was promised to administration servers. */
const promised = /:\{device:.*\}:command|:\{fleet\}:(?:commanded-device|write-clock$)/;

/** The adapter for Redis on a real server, whose scripts go by the time of the world. Keys expire by the server's own. */
export class RedisStore implements RegistryStore {
  readonly isOutside = true;
  readonly #client: Redis;
  readonly #registry: Registry;
  #wallMs: () => number = () => firstWallMs;

  private constructor(client: Redis, open: (wallMs: () => number) => Registry) {
    this.#client = client;
    this.#registry = open(() => this.#wallMs());
  }

  /** The server is for nobody else: it is emptied first. */
  static async connect(url: string, limits: { suspectAfterMs: number; deadAfterMs: number }): Promise<RedisStore> {
    const client = new Redis(url, { protocol: 2 });
    // It connects again by itself: the server may not have begun to listen.
    client.on('error', () => {});
    let wallMs = () => firstWallMs;
    const options = { url, keyPrefix, limits, connectWithinMs, attended: standingStill };
    const registry = await openRedisRegistry({ ...options, wallMs: () => wallMs() });
    await client.flushall();
    await client.config('SET', 'min-replicas-to-write', '0');
    return new RedisStore(client, (now) => {
      wallMs = now;
      return registry;
    });
  }

  /** Goes by the clock of the process' host from now on. */
  attach({ world, host }: SimulatedProcess): this {
    this.#wallMs = () => Math.floor(firstWallMs + world.nowMs + host.wallAheadMs);
    return this;
  }

  open(software: Software): Registry {
    if (software !== present) throw new Error('an older version asks the server for the time');
    return this.#registry;
  }

  async refuseWrites(isRefusing: boolean): Promise<void> {
    await this.#client.config('SET', 'min-replicas-to-write', isRefusing ? '1' : '0');
  }

  async lose(): Promise<void> {
    const lost = await this.#keys((key) => !writtenByHand.test(key) && !promised.test(key));
    if (lost.length > 0) await this.#client.del(lost);
  }

  async copy(): Promise<Copy> {
    const keys = await this.#keys((key) => !writtenByHand.test(key));
    const dumps = await Promise.all(keys.map((key) => this.#client.dumpBuffer(key)));
    return new Map(keys.map((key, index) => [key, dumps[index]]));
  }

  async goBackTo(copy: Copy): Promise<void> {
    const written = await this.#keys((key) => !writtenByHand.test(key));
    if (written.length > 0) await this.#client.del(written);
    const restored = [...copy].map(([key, dump]) => this.#client.restore(key, 0, dump as Buffer));
    await Promise.all(restored);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    this.#client.disconnect();
  }

  async #keys(isWanted: (key: string) => boolean): Promise<string[]> {
    const keys = await this.#client.keys(`${keyPrefix}:*`);
    return keys.filter(isWanted).sort();
  }
}
