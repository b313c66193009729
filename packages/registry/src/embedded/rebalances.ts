import type { RebalanceRecord, Rebalances } from '../rebalances.ts';
import type { Database } from './database.ts';

interface Row {
  record: string | null;
  leaseToken: number;
  start: number;
  abort: number;
}

export class EmbeddedRebalances implements Rebalances {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(): Promise<RebalanceRecord | undefined> {
    return this.#database.read(() => this.#record());
  }

  async put(record: RebalanceRecord, leaseToken: number): Promise<boolean> {
    return this.#database.write(() => {
      const row = this.#row();
      if (row && row.leaseToken > leaseToken) return false;
      const abort = record.state === 'running' ? (row?.abort ?? 0) : 0;
      const sql =
        'INSERT OR REPLACE INTO rebalance (id, record, lease_token, abort_asked) VALUES (1, :record, :leaseToken, :abort)';
      this.#database.run(sql, { record: JSON.stringify(record), leaseToken, abort });
      return true;
    });
  }

  async requestAbort(): Promise<boolean> {
    return this.#database.write(() => {
      if (this.#record()?.state !== 'running') return false;
      this.#database.run('UPDATE rebalance SET abort_asked = 1');
      return true;
    });
  }

  async requestStart(): Promise<void> {
    const sql = 'INSERT INTO rebalance (id, start_asked) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET start_asked = 1';
    await this.#database.write(() => this.#database.run(sql));
  }

  async requests(): Promise<{ start: boolean; abort: boolean }> {
    const row = await this.#database.read(() => this.#row());
    return { start: row?.start === 1, abort: row?.abort === 1 };
  }

  #record(): RebalanceRecord | undefined {
    const record = this.#row()?.record;
    return record ? JSON.parse(record) : undefined;
  }

  #row(): Row | undefined {
    const columns = 'record, lease_token AS leaseToken, start_asked AS start, abort_asked AS abort';
    return this.#database.get<Row>(`SELECT ${columns} FROM rebalance`);
  }
}
