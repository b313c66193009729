import type { TicketKey, TicketKeys } from '../ticket-keys.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisTicketKeys implements TicketKeys {
  readonly #redis: RedisConnection;
  readonly #keys: readonly [keys: string, expiries: string, clock: string];

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = [keys.ticketKeys, keys.ticketKeyExpiries, keys.writeClock];
  }

  async publish({ kid, jwk }: TicketKey, lifetimeMs: number): Promise<void> {
    await this.#redis.run(scripts.publishTicketKey, this.#keys, [kid, JSON.stringify(jwk), lifetimeMs]);
  }

  async list(): Promise<TicketKey[]> {
    const [stored, expiries, clock] = this.#keys;
    const fields = await this.#redis.run<string[]>(scripts.listTicketKeys, [clock], [stored, expiries]);
    const keys: TicketKey[] = [];
    for (let index = 0; index < fields.length; index += 2) {
      keys.push({ kid: fields[index] ?? '', jwk: JSON.parse(fields[index + 1] ?? '') });
    }
    return keys.sort((a, b) => (a.kid < b.kid ? -1 : 1));
  }
}
