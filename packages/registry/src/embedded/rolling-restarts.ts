import type { DesiredState } from '../group-pushes.ts';
import type { RollingRestartRecord, RollingRestarts, RollingRestartView } from '../rolling-restarts.ts';
import { recordOf } from '../rolling-restarts.ts';
import type { Database } from './database.ts';

interface Row {
  record: string;
  desiredState: DesiredState;
  leaseToken: number;
}

export class EmbeddedRollingRestarts implements RollingRestarts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async begin(record: RollingRestartRecord): Promise<{ kind: 'begun' | 'known'; view: RollingRestartView }> {
    return this.#database.write(() => {
      const stored = this.#view();
      if (stored && stored.endedAtMs === undefined) return { kind: 'known', view: stored };
      const sql = `INSERT INTO rolling_restart (id, record, desired_state) VALUES (1, :record, 'running')
        ON CONFLICT (id) DO UPDATE SET record = :record, desired_state = 'running'`;
      this.#database.run(sql, { record: JSON.stringify(record) });
      return { kind: 'begun', view: { ...record, desiredState: 'running' } };
    });
  }

  async get(): Promise<RollingRestartView | undefined> {
    return this.#database.read(() => this.#view());
  }

  async advance(record: RollingRestartRecord, leaseToken: number): Promise<RollingRestartView | undefined> {
    return this.#database.write(() => {
      const row = this.#row();
      if (!row || row.leaseToken > leaseToken) return undefined;
      const stored: RollingRestartRecord = JSON.parse(row.record);
      if (stored.id !== record.id || stored.endedAtMs !== undefined) return undefined;
      const sql = 'UPDATE rolling_restart SET record = :record, lease_token = :leaseToken';
      this.#database.run(sql, { record: JSON.stringify(recordOf(record)), leaseToken });
      return { ...record, desiredState: row.desiredState };
    });
  }

  async setDesiredState(desiredState: DesiredState): Promise<RollingRestartView | undefined> {
    return this.#database.write(() => {
      const stored = this.#view();
      if (stored && stored.endedAtMs === undefined && stored.desiredState !== 'cancelled') {
        this.#database.run('UPDATE rolling_restart SET desired_state = :desiredState', { desiredState });
      }
      return this.#view();
    });
  }

  #view(): RollingRestartView | undefined {
    const row = this.#row();
    return row && { ...JSON.parse(row.record), desiredState: row.desiredState };
  }

  #row(): Row | undefined {
    const columns = 'record, desired_state AS desiredState, lease_token AS leaseToken';
    return this.#database.get<Row>(`SELECT ${columns} FROM rolling_restart`);
  }
}
