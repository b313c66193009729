import type { NodeId } from '@pushfleet/protocol';
import type { Maintenance, MaintenanceRecord, MaintenanceRequest } from '../maintenance.ts';
import { requestedRecord } from '../maintenance.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisMaintenance implements Maintenance {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.maintenance;
  }

  async request(node: NodeId, request: MaintenanceRequest, id?: string): Promise<MaintenanceRecord> {
    const record = requestedRecord(node, request, id);
    const args = [node, JSON.stringify(record), record.id];
    return JSON.parse(await this.#redis.run<string>(scripts.requestMaintenance, [this.#key], args));
  }

  async get(node: NodeId): Promise<MaintenanceRecord | undefined> {
    const record = await this.#redis.send((client) => client.hget(this.#key, node));
    return record === null ? undefined : JSON.parse(record);
  }

  async advance(record: MaintenanceRecord): Promise<boolean> {
    const args = [record.nodeId, record.id, JSON.stringify(record)];
    return (await this.#redis.run(scripts.advanceMaintenance, [this.#key], args)) === 1;
  }

  async cancel(node: NodeId): Promise<boolean> {
    return (await this.#redis.send((client) => client.hdel(this.#key, node))) === 1;
  }
}
