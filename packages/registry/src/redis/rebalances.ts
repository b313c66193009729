import type { RebalanceRecord, Rebalances } from '../rebalances.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisRebalances implements Rebalances {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.rebalance;
  }

  async get(): Promise<RebalanceRecord | undefined> {
    const record = await this.#redis.send((client) => client.hget(this.#key, 'record'));
    return record === null ? undefined : JSON.parse(record);
  }

  async put(record: RebalanceRecord, leaseToken: number): Promise<boolean> {
    const args = [JSON.stringify(record), record.state, leaseToken];
    return (await this.#redis.run(scripts.putRebalance, [this.#key], args)) === 1;
  }

  async requestAbort(): Promise<boolean> {
    return (await this.#redis.run(scripts.abortRebalance, [this.#key], [])) === 1;
  }

  async requestStart(): Promise<void> {
    await this.#redis.send((client) => client.hset(this.#key, 'start', 1));
  }

  async requests(): Promise<{ start: boolean; abort: boolean }> {
    const [start, abort] = await this.#redis.send((client) => client.hmget(this.#key, 'start', 'abort'));
    return { start: start === '1', abort: abort === '1' };
  }
}
