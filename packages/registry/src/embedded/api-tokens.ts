import { type ApiTokenRecord, type ApiTokens, maxApiTokens } from '../api-tokens.ts';
import type { Database } from './database.ts';

export class EmbeddedApiTokens implements ApiTokens {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(token: ApiTokenRecord): Promise<'created' | 'name-taken' | 'full'> {
    return this.#database.write(() => {
      const row = { name: token.name, record: JSON.stringify(token) };
      const counted = this.#database.get<{ tokens: number; taken: number }>(
        'SELECT count(*) AS tokens, count(*) FILTER (WHERE name = :name) AS taken FROM api_tokens',
        { name: token.name },
      );
      if (counted && counted.taken > 0) return 'name-taken';
      if (counted && counted.tokens >= maxApiTokens) return 'full';
      this.#database.run('INSERT INTO api_tokens (name, record) VALUES (:name, :record)', row);
      return 'created';
    });
  }

  async list(): Promise<ApiTokenRecord[]> {
    const sql = 'SELECT record FROM api_tokens ORDER BY name';
    const rows = await this.#database.read(() => this.#database.all<{ record: string }>(sql, {}));
    return rows.map(({ record }) => JSON.parse(record));
  }

  async revoke(name: string): Promise<boolean> {
    return this.#database.write(() => this.#database.run('DELETE FROM api_tokens WHERE name = :name', { name }) === 1);
  }
}
