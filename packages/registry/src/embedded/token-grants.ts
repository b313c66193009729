import { type KeptTokenGrant, maxTokenGrants, type TokenGrant, type TokenGrants } from '../token-grants.ts';
import type { Database } from './database.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

interface Row extends TokenGrant {
  idleEndsAtMs: number;
  endsAtMs: number;
}

const columns = `hash, token_name AS tokenName, token_proof AS tokenProof, idle_ends_at_ms AS idleEndsAtMs, ends_at_ms AS endsAtMs`;

export class EmbeddedTokenGrants implements TokenGrants {
  readonly #database: Database;
  readonly #kind: string;

  constructor(database: Database, kind: 'console-session' | 'sign-in-code') {
    this.#database = database;
    this.#kind = kind;
  }

  async put({ hash, tokenName, tokenProof }: TokenGrant, idleMs: number, lifetimeMs: number): Promise<void> {
    await this.#database.write(() => {
      const [nowMs, kind] = [setWriteClock(this.#database), this.#kind];
      this.#database.run('DELETE FROM token_grants WHERE idle_ends_at_ms <= :nowMs', { nowMs });
      const ends = { idleEndsAtMs: nowMs + Math.min(idleMs, lifetimeMs), endsAtMs: nowMs + lifetimeMs };
      this.#database.run(
        `INSERT INTO token_grants (kind, hash, token_name, token_proof, idle_ends_at_ms, ends_at_ms)
         VALUES (:kind, :hash, :tokenName, :tokenProof, :idleEndsAtMs, :endsAtMs)`,
        { kind, hash, tokenName, tokenProof, ...ends },
      );
      this.#keepNewest('kind = :kind AND token_name = :tokenName', { kind, tokenName }, maxTokenGrants.ofToken);
      this.#keepNewest('kind = :kind', { kind }, maxTokenGrants.all);
    });
  }

  async read(hashes: readonly string[]): Promise<KeptTokenGrant[]> {
    return this.#database.read(() => {
      const nowMs = readWriteClock(this.#database);
      return hashes.flatMap((hash) => {
        const found = this.#find(hash, nowMs);
        if (!found) return [];
        const { idleEndsAtMs, endsAtMs, ...grant } = found;
        return [{ ...grant, idleLeftMs: idleEndsAtMs - nowMs, leftMs: endsAtMs - nowMs }];
      });
    });
  }

  async use(hash: string, idleMs: number): Promise<void> {
    await this.#database.write(() => {
      const nowMs = setWriteClock(this.#database);
      const sql = `UPDATE token_grants SET idle_ends_at_ms = min(ends_at_ms, :idleEndsAtMs)
         WHERE kind = :kind AND hash = :hash AND idle_ends_at_ms > :nowMs`;
      this.#database.run(sql, { kind: this.#kind, hash, nowMs, idleEndsAtMs: nowMs + idleMs });
    });
  }

  async end(hash: string): Promise<TokenGrant | undefined> {
    return this.#database.write(() => {
      const found = this.#find(hash, setWriteClock(this.#database));
      if (!found) return undefined;
      this.#database.run('DELETE FROM token_grants WHERE kind = :kind AND hash = :hash', { kind: this.#kind, hash });
      return { hash, tokenName: found.tokenName, tokenProof: found.tokenProof };
    });
  }

  #find(hash: string, nowMs: number): Row | undefined {
    const sql = `SELECT ${columns} FROM token_grants WHERE kind = :kind AND hash = :hash AND idle_ends_at_ms > :nowMs`;
    return this.#database.get<Row>(sql, { kind: this.#kind, hash, nowMs });
  }

  #keepNewest(which: string, values: Record<string, string>, most: number): void {
    const sql = `DELETE FROM token_grants WHERE sequence IN
         (SELECT sequence FROM token_grants WHERE ${which} ORDER BY sequence DESC LIMIT -1 OFFSET :most)`;
    this.#database.run(sql, { ...values, most });
  }
}
