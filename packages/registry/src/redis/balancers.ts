import { randomUUID } from 'node:crypto';
import { type AnnouncementAnswer, type BalancerRecord, type Balancers, mostBalancers } from '../balancers.ts';
import type { RegistryPosition } from '../nodes.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { decodePosition, toAnswer } from './position.ts';
import { scripts } from './scripts.ts';

export class RedisBalancers implements Balancers {
  readonly #redis: RedisConnection;
  readonly #key: string;
  readonly #keys: string[];
  readonly #incarnation: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.balancers;
    this.#keys = [keys.balancers, keys.writeClock];
    this.#incarnation = keys.incarnation;
  }

  async announce(balancer: BalancerRecord, ttlMs: number, known?: RegistryPosition): Promise<AnnouncementAnswer> {
    const args = [encode(balancer), ttlMs, mostBalancers, randomUUID(), decodePosition(known).at];
    const keys = [...this.#keys, this.#incarnation];
    const answer = await this.#redis.run<['ok' | 'lost', string]>(scripts.announceBalancer, keys, args);
    return toAnswer(answer, this.#redis.serverChanges, known);
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
