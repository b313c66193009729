import type { TicketKey, TicketKeys } from '../ticket-keys.ts';
import type { Database } from './database.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

export class EmbeddedTicketKeys implements TicketKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async publish({ kid, jwk }: TicketKey, lifetimeMs: number): Promise<void> {
    await this.#database.write(() => {
      const nowMs = setWriteClock(this.#database);
      this.#database.run('DELETE FROM ticket_keys WHERE expires_at_ms <= :nowMs', { nowMs });
      const sql = 'INSERT OR REPLACE INTO ticket_keys (kid, jwk, expires_at_ms) VALUES (:kid, :jwk, :expiresAtMs)';
      this.#database.run(sql, { kid, jwk: JSON.stringify(jwk), expiresAtMs: nowMs + lifetimeMs });
    });
  }

  async list(): Promise<TicketKey[]> {
    const sql = 'SELECT kid, jwk FROM ticket_keys WHERE expires_at_ms > :nowMs ORDER BY kid';
    const rows = await this.#database.read(() =>
      this.#database.all<{ kid: string; jwk: string }>(sql, { nowMs: readWriteClock(this.#database) }),
    );
    return rows.map(({ kid, jwk }) => ({ kid, jwk: JSON.parse(jwk) }));
  }
}
