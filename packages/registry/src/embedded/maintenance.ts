import type { NodeId } from '@pushfleet/protocol';
import type { Maintenance, MaintenanceRecord, MaintenanceRequest } from '../maintenance.ts';
import { requestedRecord } from '../maintenance.ts';
import type { Database } from './database.ts';

export class EmbeddedMaintenance implements Maintenance {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async request(node: NodeId, request: MaintenanceRequest, id?: string): Promise<MaintenanceRecord> {
    return this.#database.write(() => {
      const stored = this.#read(node);
      if (stored && (stored.phase !== 'done' || stored.id === id)) return stored;
      const record = requestedRecord(node, request, id);
      this.#put(record);
      return record;
    });
  }

  async get(node: NodeId): Promise<MaintenanceRecord | undefined> {
    return this.#database.read(() => this.#read(node));
  }

  async advance(record: MaintenanceRecord): Promise<boolean> {
    return this.#database.write(() => {
      if (this.#read(record.nodeId)?.id !== record.id) return false;
      this.#put(record);
      return true;
    });
  }

  async cancel(node: NodeId): Promise<boolean> {
    return this.#database.write(
      () => this.#database.run('DELETE FROM maintenance WHERE node_id = :node', { node }) === 1,
    );
  }

  #put(record: MaintenanceRecord): void {
    const sql = 'INSERT OR REPLACE INTO maintenance (node_id, record) VALUES (:node, :record)';
    this.#database.run(sql, { node: record.nodeId, record: JSON.stringify(record) });
  }

  #read(node: NodeId): MaintenanceRecord | undefined {
    const row = this.#database.get<{ record: string }>('SELECT record FROM maintenance WHERE node_id = :node', {
      node,
    });
    return row && JSON.parse(row.record);
  }
}
