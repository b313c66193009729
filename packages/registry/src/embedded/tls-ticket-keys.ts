import type { SealedTicketKeys, TlsTicketKeys } from '../tls-ticket-keys.ts';
import type { Database } from './database.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

export class EmbeddedTlsTicketKeys implements TlsTicketKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(secretId: string): Promise<SealedTicketKeys | undefined> {
    return this.#database.read(() => this.#find(secretId, readWriteClock(this.#database)));
  }

  async replace(secretId: string, revision: number, sealed: string, lifetimeMs: number): Promise<boolean> {
    return this.#database.write(() => {
      const nowMs = setWriteClock(this.#database);
      if ((this.#find(secretId, nowMs)?.revision ?? 0) !== revision) return false;
      this.#database.run('DELETE FROM tls_ticket_keys WHERE expires_at_ms <= :nowMs', { nowMs });
      const sql = `INSERT OR REPLACE INTO tls_ticket_keys (secret_id, revision, sealed, expires_at_ms)
         VALUES (:secretId, :revision, :sealed, :expiresAtMs)`;
      this.#database.run(sql, { secretId, revision: revision + 1, sealed, expiresAtMs: nowMs + lifetimeMs });
      return true;
    });
  }

  #find(secretId: string, nowMs: number): SealedTicketKeys | undefined {
    const sql = 'SELECT revision, sealed FROM tls_ticket_keys WHERE secret_id = :secretId AND expires_at_ms > :nowMs';
    return this.#database.get<SealedTicketKeys>(sql, { secretId, nowMs });
  }
}
