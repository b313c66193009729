import type { DeviceId } from '@pushfleet/protocol';
import {
  type EnrollmentTokenRecord,
  type EnrollmentTokens,
  type KeptEnrollmentToken,
  maxEnrollmentTokens,
  maxPendingEnrollments,
  outlived,
} from '../enrollment-tokens.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisEnrollmentTokens implements EnrollmentTokens {
  readonly #redis: RedisConnection;
  readonly #records: string;
  readonly #uses: string;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    [this.#records, this.#uses] = [keys.enrollmentTokens, keys.enrollmentTokenUses];
  }

  async create(
    { left, ...token }: EnrollmentTokenRecord & { left?: number },
    nowMs: number,
  ): Promise<'created' | 'full'> {
    const values = [token.id, JSON.stringify(token), left ?? token.count, maxEnrollmentTokens];
    const write = (removed: readonly string[]) =>
      this.#redis.run<'created' | 'full'>(
        scripts.createEnrollmentToken,
        [this.#records, this.#uses],
        [...values, ...removed],
      );
    const written = await write([]);
    return written === 'full' ? write(outlived(await this.list(), nowMs)) : written;
  }

  async list(): Promise<KeptEnrollmentToken[]> {
    const [records = {}, uses = {}] = await this.#redis.sendAll<Record<string, string>>((pipeline) => {
      pipeline.hgetall(this.#records);
      pipeline.hgetall(this.#uses);
    });
    const tokens = Object.entries(records).flatMap(([id, record]) => decode(record, uses[id]) ?? []);
    return tokens.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async get(id: string): Promise<KeptEnrollmentToken | undefined> {
    const [record, uses] = await this.#redis.sendAll<string | null>((pipeline) => {
      pipeline.hget(this.#records, id);
      pipeline.hget(this.#uses, id);
    });
    return decode(record, uses);
  }

  async revoke(id: string, atMs: number): Promise<boolean> {
    return (await this.#redis.run(scripts.revokeEnrollmentToken, [this.#uses], [id, atMs])) === 1;
  }

  take(id: string, device: DeviceId): Promise<'taken' | 'used-up' | 'revoked' | 'absent'> {
    return this.#redis.run(scripts.takeEnrollment, [this.#uses], [id, device, maxPendingEnrollments]);
  }

  async settle(id: string, device: DeviceId): Promise<void> {
    await this.#redis.run(scripts.settleEnrollment, [this.#uses], [id, device]);
  }
}

/** @param uses See lua/enrollment-tokens.lua. `undefined`: it is not there as a whole. */
function decode(record: string | null | undefined, uses: string | null | undefined): KeptEnrollmentToken | undefined {
  const [left, revokedAtMs] = /^(\d+) (\d*)/.exec(uses ?? '')?.slice(1) ?? [];
  if (!record || left === undefined) return undefined;
  const token: EnrollmentTokenRecord = JSON.parse(record);
  return { ...token, left: Number(left), ...(revokedAtMs ? { revokedAtMs: Number(revokedAtMs) } : {}) };
}
