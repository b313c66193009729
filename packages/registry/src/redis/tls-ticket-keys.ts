import type { SealedTicketKeys, TlsTicketKeys } from '../tls-ticket-keys.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisTlsTicketKeys implements TlsTicketKeys {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async read(secretId: string): Promise<SealedTicketKeys | undefined> {
    const [revision, sealed] = await this.#redis.run<(string | null)[]>(
      scripts.readTlsTicketKeys,
      [this.#keys.tlsTicketKeys(secretId), this.#keys.writeClock],
      [],
    );
    return revision && sealed ? { revision: Number(revision), sealed } : undefined;
  }

  async replace(secretId: string, revision: number, sealed: string, lifetimeMs: number): Promise<boolean> {
    const keys = [this.#keys.tlsTicketKeys(secretId), this.#keys.writeClock];
    return (await this.#redis.run(scripts.replaceTlsTicketKeys, keys, [revision, sealed, lifetimeMs])) === 1;
  }
}
