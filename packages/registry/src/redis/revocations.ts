import { type Revocation, systemClock } from '@pushfleet/runtime';
import type { Revocations } from '../revocations.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';

export class RedisRevocations implements Revocations {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.revocations;
  }

  async add(revocations: readonly Revocation[]): Promise<void> {
    const nowMs = systemClock.wallMs();
    const ended = (await this.list()).filter(({ expiresAtMs }) => expiresAtMs < nowMs);
    if (ended.length > 0)
      await this.#redis.send((client) => client.hdel(this.#key, ...ended.map(({ serial }) => serial)));
    if (revocations.length === 0) return;
    const fields = Object.fromEntries(revocations.map((one) => [one.serial, JSON.stringify(one)]));
    await this.#redis.send((client) => client.hset(this.#key, fields));
  }

  async list(): Promise<Revocation[]> {
    const records = await this.#redis.send((client) => client.hvals(this.#key));
    const revocations: Revocation[] = records.map((record) => JSON.parse(record));
    return revocations.sort((a, b) => (a.serial < b.serial ? -1 : 1));
  }
}
