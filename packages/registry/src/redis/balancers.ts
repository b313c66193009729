import { type BalancerRecord, type Balancers, mostBalancers } from '../balancers.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisBalancers implements Balancers {
  readonly #redis: RedisConnection;
  readonly #key: string;
  readonly #keys: string[];

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.balancers;
    this.#keys = [keys.balancers, keys.writeClock];
  }

  async announce(balancer: BalancerRecord, ttlMs: number): Promise<void> {
    await this.#redis.run(scripts.announceBalancer, this.#keys, [encode(balancer), ttlMs, mostBalancers]);
  }

  async withdraw(balancer: BalancerRecord): Promise<void> {
    await this.#redis.send((client) => client.zrem(this.#key, encode(balancer)));
  }

  async list(): Promise<BalancerRecord[]> {
    const records = await this.#redis.run<string[]>(scripts.listBalancers, this.#keys, []);
    const balancers = records.map((record): BalancerRecord => JSON.parse(record));
    return balancers.sort((a, b) => (a.balancerId < b.balancerId ? -1 : 1));
  }
}

/** One spelling of one record: it is the member by which the record is found again. */
function encode({ balancerId, peerAddress, software }: BalancerRecord): string {
  return JSON.stringify({ balancerId, peerAddress, software });
}
