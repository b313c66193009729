import type { DeviceId } from '@pushfleet/protocol';
import {
  type EnrollmentTokenRecord,
  type EnrollmentTokens,
  type KeptEnrollmentToken,
  maxEnrollmentTokens,
  maxPendingEnrollments,
  outlived,
} from '../enrollment-tokens.ts';
import type { Database } from './database.ts';

interface Row {
  record: string;
  left: number;
  revokedAtMs: number | null;
}

const select = 'SELECT record, registrations_left AS left, revoked_at_ms AS revokedAtMs FROM enrollment_tokens';

export class EmbeddedEnrollmentTokens implements EnrollmentTokens {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(
    { left, ...token }: EnrollmentTokenRecord & { left?: number },
    nowMs: number,
  ): Promise<'created' | 'full'> {
    return this.#database.write(() => {
      if (this.#size() >= maxEnrollmentTokens) for (const id of outlived(this.#all(), nowMs)) this.#remove(id);
      if (this.#size() >= maxEnrollmentTokens) return 'full';
      const sql = `INSERT INTO enrollment_tokens (token_id, record, registrations_left) VALUES (:id, :record, :left)`;
      this.#database.run(sql, { id: token.id, record: JSON.stringify(token), left: left ?? token.count });
      return 'created';
    });
  }

  async list(): Promise<KeptEnrollmentToken[]> {
    return this.#database.read(() => this.#all());
  }

  async get(id: string): Promise<KeptEnrollmentToken | undefined> {
    return this.#database.read(() => this.#get(id));
  }

  async revoke(id: string, atMs: number): Promise<boolean> {
    const sql = 'UPDATE enrollment_tokens SET revoked_at_ms = coalesce(revoked_at_ms, :atMs) WHERE token_id = :id';
    return this.#database.write(() => this.#database.run(sql, { id, atMs }) === 1);
  }

  async take(id: string, device: DeviceId): Promise<'taken' | 'used-up' | 'revoked' | 'absent'> {
    return this.#database.write(() => {
      const token = this.#get(id);
      if (!token) return 'absent';
      if (token.revokedAtMs !== undefined) return 'revoked';
      const pending = 'SELECT count(*) AS there FROM pending_enrollments WHERE token_id = :id AND device_id = :device';
      if (this.#database.get<{ there: number }>(pending, { id, device })?.there) return 'taken';
      if (token.left === 0) return 'used-up';
      const count = 'UPDATE enrollment_tokens SET registrations_left = registrations_left - 1 WHERE token_id = :id';
      this.#database.run(count, { id });
      const add = 'INSERT INTO pending_enrollments (token_id, device_id) VALUES (:id, :device)';
      this.#database.run(add, { id, device });
      const sql = `DELETE FROM pending_enrollments WHERE sequence IN (SELECT sequence FROM pending_enrollments
        WHERE token_id = :id ORDER BY sequence DESC LIMIT -1 OFFSET :most)`;
      this.#database.run(sql, { id, most: maxPendingEnrollments });
      return 'taken';
    });
  }

  async settle(id: string, device: DeviceId): Promise<void> {
    const sql = 'DELETE FROM pending_enrollments WHERE token_id = :id AND device_id = :device';
    await this.#database.write(() => this.#database.run(sql, { id, device }));
  }

  #size(): number {
    return this.#database.get<{ tokens: number }>('SELECT count(*) AS tokens FROM enrollment_tokens')?.tokens ?? 0;
  }

  #all(): KeptEnrollmentToken[] {
    return this.#database.all<Row>(`${select} ORDER BY token_id`).map(toToken);
  }

  #get(id: string): KeptEnrollmentToken | undefined {
    const row = this.#database.get<Row>(`${select} WHERE token_id = :id`, { id });
    return row && toToken(row);
  }

  #remove(id: string): void {
    this.#database.run('DELETE FROM pending_enrollments WHERE token_id = :id', { id });
    this.#database.run('DELETE FROM enrollment_tokens WHERE token_id = :id', { id });
  }
}

function toToken({ record, left, revokedAtMs }: Row): KeptEnrollmentToken {
  return { ...(JSON.parse(record) as EnrollmentTokenRecord), left, ...(revokedAtMs === null ? {} : { revokedAtMs }) };
}
