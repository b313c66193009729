import { type AnnouncementAnswer, type BalancerRecord, type Balancers, mostBalancers } from '../balancers.ts';
import type { Database } from './database.ts';
import { hasLost, writePosition } from './position.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

type Row = Omit<BalancerRecord, 'software'> & { software: string | null };

export class EmbeddedBalancers implements Balancers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async announce(balancer: BalancerRecord, ttlMs: number, known = ''): Promise<AnnouncementAnswer> {
    const { balancerId, peerAddress, software } = balancer;
    return this.#database.write(() => {
      const isLost = hasLost(this.#database, known);
      const nowMs = setWriteClock(this.#database);
      this.#database.run('DELETE FROM balancers WHERE expires_at_ms <= :nowMs', { nowMs });
      const sql = `INSERT OR REPLACE INTO balancers (balancer_id, peer_address, software, expires_at_ms)
        VALUES (:balancerId, :peerAddress, :said, :expiresAtMs)`;
      const said = software ? JSON.stringify(software) : null;
      this.#database.run(sql, { balancerId, peerAddress, said, expiresAtMs: nowMs + ttlMs });
      this.#database.run(
        `DELETE FROM balancers WHERE balancer_id IN
           (SELECT balancer_id FROM balancers ORDER BY expires_at_ms DESC LIMIT -1 OFFSET :mostBalancers)`,
        { mostBalancers },
      );
      return { verdict: isLost ? 'lost' : 'ok', position: writePosition(this.#database, nowMs) };
    });
  }

  async withdraw({ balancerId }: BalancerRecord): Promise<void> {
    await this.#database.write(() =>
      this.#database.run('DELETE FROM balancers WHERE balancer_id = :balancerId', { balancerId }),
    );
  }

  async list(): Promise<BalancerRecord[]> {
    const sql = `SELECT balancer_id AS balancerId, peer_address AS peerAddress, software FROM balancers
      WHERE expires_at_ms > :nowMs ORDER BY balancer_id`;
    return this.#database.read(() => {
      const rows = this.#database.all<Row>(sql, { nowMs: readWriteClock(this.#database) });
      return rows.map(({ software, ...row }) => ({
        ...row,
        ...(software !== null && { software: JSON.parse(software) }),
      }));
    });
  }
}
