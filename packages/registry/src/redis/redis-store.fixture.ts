import { randomBytes } from 'node:crypto';
import { systemClock } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { patientLimits, type TestStore } from '../conformance/store.fixture.ts';
import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import { createKeys } from './keys.ts';
import { openRedisRegistry } from './registry.ts';

export interface RedisStore extends Omit<TestStore, 'open'> {
  /** @param as The address of the server with another user. */
  open(limits?: LivenessLimits, as?: string): Promise<Registry>;
  /** The beginning of all keys of this store. */
  readonly keyPrefix: string;
  /** Past the adapter. */
  readonly client: Redis;
  keys(): Promise<string[]>;
}

/** Stores differ by their key prefixes, so that one server does for all tests of a file. */
export async function createRedisStore(url: string, filePrefix: string): Promise<RedisStore> {
  const keyPrefix = `${filePrefix}-${randomBytes(4).toString('hex')}`;
  const client = new Redis(url, { protocol: 2 });
  const keys = () => client.keys(`${keyPrefix}*`);
  const wipe = async () => {
    // One by one: in a cluster no command may name keys of two slots.
    for (const key of await keys()) await client.unlink(key);
  };
  return {
    keyPrefix,
    client,
    keys,
    wipe,
    turn: async ({ idleMs = 0, refusedMs = 0 }) => {
      const key = createKeys(keyPrefix).writeClock;
      const [writtenAt, reading] = String(await client.get(key))
        .split(' ')
        .map(Number) as [number, number];
      await client.set(key, `${writtenAt - refusedMs} ${reading + idleMs}`);
    },
    open: (limits = patientLimits, as = url) =>
      openRedisRegistry({ url: as, keyPrefix, limits, connectWithinMs: 10_000, attended: systemClock }),
    [Symbol.asyncDispose]: async () => {
      await wipe();
      client.disconnect();
    },
  };
}
