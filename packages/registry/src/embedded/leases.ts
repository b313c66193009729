import type { LeaseName, Leases } from '../leases.ts';
import { leaseMemoryMs } from '../leases.ts';
import type { Database } from './database.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

interface Lease {
  token: number;
  holder: string | null;
  lapsesAtMs: number;
}

export class EmbeddedLeases implements Leases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async hold(name: LeaseName, holder: string, ttlMs: number): Promise<number | undefined> {
    return this.#database.write(() => {
      const nowMs = setWriteClock(this.#database);
      this.#forgetOld(nowMs);
      const lease = this.#read(name);
      const isHeld = lease !== undefined && lease.holder !== null && nowMs < lease.lapsesAtMs;
      if (isHeld && lease.holder !== holder) return undefined;
      // At least the clock, as epochs are: it grows also where all data was lost.
      const token = isHeld ? lease.token : Math.max((lease?.token ?? -1) + 1, this.#database.wallMs());
      const sql =
        'INSERT OR REPLACE INTO leases (name, token, holder, lapses_at_ms) VALUES (:name, :token, :holder, :lapsesAtMs)';
      this.#database.run(sql, { name, token, holder, lapsesAtMs: nowMs + ttlMs });
      return token;
    });
  }

  async release(name: LeaseName, holder: string): Promise<boolean> {
    return this.#database.write(() => {
      const lease = this.#read(name);
      if (lease?.holder !== holder) return false;
      this.#database.run('UPDATE leases SET holder = NULL WHERE name = :name', { name });
      return readWriteClock(this.#database) < lease.lapsesAtMs;
    });
  }

  /** A few at each time keep up with any number of them. */
  #forgetOld(nowMs: number): void {
    this.#database.run(
      `DELETE FROM leases WHERE name IN
         (SELECT name FROM leases WHERE lapses_at_ms < :beforeMs ORDER BY lapses_at_ms LIMIT 4)`,
      { beforeMs: nowMs - leaseMemoryMs },
    );
  }

  #read(name: LeaseName): Lease | undefined {
    const sql = 'SELECT token, holder, lapses_at_ms AS lapsesAtMs FROM leases WHERE name = :name';
    return this.#database.get<Lease>(sql, { name });
  }
}
