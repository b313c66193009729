import { type Clock, machineUs } from '@pushfleet/runtime';
import type { RegistryFinding } from '../registry.ts';
import type { RedisPlace } from './clients.ts';
import { RedisConnection } from './connection.ts';

/** A look at a Redis from here, for operators. */
export interface RedisProbe {
  /** The version that it says it has. `undefined`: this user may not ask. */
  version: string | undefined;
  findings: readonly RegistryFinding[];
  /** The round trips that were made, in milliseconds. */
  roundTripsMs: readonly number[];
  /** How far its wall clock is ahead of this machine's, give or take `clockErrorMs`. `undefined`: it does not tell the time. */
  clockAheadMs: number | undefined;
  clockErrorMs: number;
}

const roundTrips = 9;

/** @throws PushfleetError REGISTRY_UNAVAILABLE if it does not answer within `withinMs`. */
export async function probeRedisServer(place: RedisPlace, withinMs: number, clock: Clock): Promise<RedisProbe> {
  await using connection = await RedisConnection.open(place, withinMs, clock);
  const findings = await connection.check();
  const roundTripsMs: number[] = [];
  for (let made = 0; made < roundTrips; made += 1) {
    const begunUs = machineUs();
    // PING is not among the rights of a push server's user.
    await connection.send((client) => client.time());
    roundTripsMs.push((machineUs() - begunUs) / 1_000);
  }
  const version = await connection.send((client) => client.info('server')).then(versionOf, () => undefined);
  return { version, findings, roundTripsMs, ...(await compareClocks(connection, clock)) };
}

function versionOf(info: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  return valkey === undefined ? field('redis_version') : `Valkey ${valkey}`;
}

/** Its time is that of the middle of the round trip, give or take half of it. */
async function compareClocks(
  connection: RedisConnection,
  clock: Clock,
): Promise<Pick<RedisProbe, 'clockAheadMs' | 'clockErrorMs'>> {
  const begunMs = clock.wallMs();
  try {
    const [seconds = 0, microseconds = 0] = (await connection.send((client) => client.time())).map(Number);
    const endedMs = clock.wallMs();
    const clockAheadMs = Math.round(seconds * 1_000 + microseconds / 1_000 - (begunMs + endedMs) / 2);
    return { clockAheadMs, clockErrorMs: Math.ceil((endedMs - begunMs) / 2) + 1 };
  } catch {
    return { clockAheadMs: undefined, clockErrorMs: 0 };
  }
}
