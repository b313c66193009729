import type { NodeId } from '@pushfleet/protocol';
import type { Maintenance, MaintenanceRecord, MaintenanceRequest } from '../maintenance.ts';
import { requestedRecord } from '../maintenance.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisMaintenance implements Maintenance {
  readonly #redis: RedisConnection;
  readonly #requested: string;
  readonly #progress: string;

  constructor(redis: RedisConnection, { maintenance, maintenanceProgress }: Keys) {
    this.#redis = redis;
    this.#requested = maintenance;
    this.#progress = maintenanceProgress;
  }

  async request(node: NodeId, request: MaintenanceRequest, id?: string): Promise<MaintenanceRecord> {
    const record = requestedRecord(node, request, id);
    const keys = [this.#requested, this.#progress];
    const args = [node, JSON.stringify(record), record.id];
    const [stored, progress] = await this.#redis.run<[string, string]>(scripts.requestMaintenance, keys, args);
    return latest(stored, progress);
  }

  async get(node: NodeId): Promise<MaintenanceRecord | undefined> {
    const [stored, progress] = await this.#redis.sendAll<string | null>((pipeline) => {
      pipeline.hget(this.#requested, node);
      pipeline.hget(this.#progress, node);
    });
    return stored ? latest(stored, progress) : undefined;
  }

  async advance(record: MaintenanceRecord): Promise<boolean> {
    const args = [record.nodeId, record.id, JSON.stringify(record), this.#requested];
    return (await this.#redis.run(scripts.advanceMaintenance, [this.#progress], args)) === 1;
  }

  async cancel(node: NodeId): Promise<boolean> {
    return (await this.#redis.send((client) => client.hdel(this.#requested, node))) === 1;
  }
}

/** The maintenance as it goes, unless that is reported of another one. What was asked for is what balancers have written. */
function latest(stored: string, progress: string | null | undefined): MaintenanceRecord {
  const requested: MaintenanceRecord = JSON.parse(stored);
  const reported: MaintenanceRecord | undefined = progress ? JSON.parse(progress) : undefined;
  if (reported?.id !== requested.id) return requested;
  const { phase, moved, remaining, endedAtMs } = reported;
  return { ...requested, phase, moved, remaining, ...(endedAtMs === undefined ? {} : { endedAtMs }) };
}
