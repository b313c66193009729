import type { DesiredState } from '../group-pushes.ts';
import type { RollingRestartRecord, RollingRestarts, RollingRestartView } from '../rolling-restarts.ts';
import { recordOf } from '../rolling-restarts.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Record and desired state, as scripts answer them; both `null`: there is none. */
type Stored = [record: string | null, desiredState: DesiredState | null];

export class RedisRollingRestarts implements RollingRestarts {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#key = keys.rollingRestart;
  }

  async begin(record: RollingRestartRecord): Promise<{ kind: 'begun' | 'known'; view: RollingRestartView }> {
    const args = [JSON.stringify(record), record.id];
    const stored = await this.#redis.run<Stored>(scripts.beginRollingRestart, [this.#key], args);
    const view = viewOf(stored);
    return view ? { kind: 'known', view } : { kind: 'begun', view: { ...record, desiredState: 'running' } };
  }

  async get(): Promise<RollingRestartView | undefined> {
    const stored = await this.#redis.send((client) => client.hmget(this.#key, 'record', 'desired'));
    return viewOf(stored as Stored);
  }

  async advance(record: RollingRestartRecord, leaseToken: number): Promise<RollingRestartView | undefined> {
    const args = [JSON.stringify(recordOf(record)), record.id, record.endedAtMs === undefined ? 0 : 1, leaseToken];
    const desiredState = await this.#redis.run<DesiredState | null>(scripts.advanceRollingRestart, [this.#key], args);
    return desiredState === null ? undefined : { ...record, desiredState };
  }

  async setDesiredState(desiredState: DesiredState): Promise<RollingRestartView | undefined> {
    const stored = await this.#redis.run<Stored>(scripts.setRollingRestartState, [this.#key], [desiredState]);
    return viewOf(stored);
  }
}

function viewOf([record, desiredState]: Stored): RollingRestartView | undefined {
  return record === null || record === undefined ? undefined : { ...JSON.parse(record), desiredState };
}
