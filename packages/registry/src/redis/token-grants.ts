import { type KeptTokenGrant, maxTokenGrants, type TokenGrant, type TokenGrants } from '../token-grants.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisTokenGrants implements TokenGrants {
  readonly #redis: RedisConnection;
  readonly #keys: string[];

  constructor(redis: RedisConnection, keys: Keys, kind: 'consoleSessions' | 'signInCodes') {
    this.#redis = redis;
    this.#keys = [keys[kind], keys.writeClock];
  }

  async put({ hash, tokenName, tokenProof }: TokenGrant, idleMs: number, lifetimeMs: number): Promise<void> {
    const { all, ofToken } = maxTokenGrants;
    const values = [hash, tokenName, tokenProof, Math.min(idleMs, lifetimeMs), lifetimeMs, ofToken, all];
    await this.#redis.run(scripts.putTokenGrant, this.#keys, values);
  }

  async read(hashes: readonly string[]): Promise<KeptTokenGrant[]> {
    if (hashes.length === 0) return [];
    const found = await this.#redis.run<[string, string, string, number, number][]>(
      scripts.readTokenGrants,
      this.#keys,
      [...hashes],
    );
    return found.map(([hash, tokenName, tokenProof, idleLeftMs, leftMs]) => ({
      ...{ hash, tokenName, tokenProof, idleLeftMs, leftMs },
    }));
  }

  async use(hash: string, idleMs: number): Promise<void> {
    await this.#redis.run(scripts.useTokenGrant, this.#keys, [hash, idleMs]);
  }

  async end(hash: string): Promise<TokenGrant | undefined> {
    const [tokenName, tokenProof] = await this.#redis.run<string[]>(scripts.endTokenGrant, this.#keys, [hash]);
    return tokenName === undefined || tokenProof === undefined ? undefined : { hash, tokenName, tokenProof };
  }
}
