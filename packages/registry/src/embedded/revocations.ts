import { type Revocation, systemClock } from '@pushfleet/runtime';
import type { Revocations } from '../revocations.ts';
import type { Database } from './database.ts';

interface Row {
  serial: string;
  member: string;
  revoked_at_ms: number;
  expires_at_ms: number;
}

export class EmbeddedRevocations implements Revocations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(revocations: readonly Revocation[]): Promise<void> {
    await this.#database.write(() => {
      this.#database.run('DELETE FROM revocations WHERE expires_at_ms < :nowMs', { nowMs: systemClock.wallMs() });
      const sql =
        'INSERT OR REPLACE INTO revocations (serial, member, revoked_at_ms, expires_at_ms) VALUES (:serial, :member, :revokedAtMs, :expiresAtMs)';
      for (const revocation of revocations) this.#database.run(sql, { ...revocation });
    });
  }

  async list(): Promise<Revocation[]> {
    const rows = await this.#database.read(() =>
      this.#database.all<Row>(
        'SELECT serial, member, revoked_at_ms, expires_at_ms FROM revocations ORDER BY serial',
        {},
      ),
    );
    return rows.map(({ serial, member, revoked_at_ms: revokedAtMs, expires_at_ms: expiresAtMs }) => ({
      ...{ serial, member, revokedAtMs, expiresAtMs },
    }));
  }
}
