import { type ApiTokenRecord, type ApiTokens, maxApiTokens } from '../api-tokens.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisApiTokens implements ApiTokens {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.apiTokens;
  }

  async create(token: ApiTokenRecord): Promise<'created' | 'name-taken' | 'full'> {
    return this.#redis.run(scripts.createApiToken, [this.#key], [token.name, JSON.stringify(token), maxApiTokens]);
  }

  async list(): Promise<ApiTokenRecord[]> {
    const records = await this.#redis.send((client) => client.hvals(this.#key));
    const tokens: ApiTokenRecord[] = records.map((record) => JSON.parse(record));
    return tokens.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async revoke(name: string): Promise<boolean> {
    return (await this.#redis.send((client) => client.hdel(this.#key, name))) === 1;
  }
}
