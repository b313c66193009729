import type { LeaseName, Leases } from '../leases.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisLeases implements Leases {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async hold(name: LeaseName, holder: string, ttlMs: number): Promise<number | undefined> {
    const args = [holder, ttlMs];
    const token = await this.#redis.run<string | null>(
      scripts.holdLease,
      [this.#keys.lease(name), this.#keys.writeClock],
      args,
    );
    return token === null ? undefined : Number(token);
  }

  async release(name: LeaseName, holder: string): Promise<boolean> {
    return (
      (await this.#redis.run(scripts.releaseLease, [this.#keys.lease(name), this.#keys.writeClock], [holder])) === 1
    );
  }
}
