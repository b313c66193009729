import { join } from 'node:path';
import { type AttendedTime, fixed, type Live, systemClock } from '@pushfleet/runtime';
import { meterRegistry } from './metered-registry.ts';
import { type RedisUser, redisUserName } from './redis/access-rules.ts';
import type { RedisCredentials, RedisPlace } from './redis/clients.ts';
import type { RedisProbe } from './redis/probe.ts';
import type { UserRemoval } from './redis/remove-user.ts';
import { describeTarget, parseRedisUrl } from './redis/target.ts';
import { loadRedisCredentials } from './redis-credentials.ts';
import type { Registry } from './registry.ts';
import type { RedisValues, RegistryValues } from './registry-settings.ts';

/** The servers that `PUSHFLEET_REDIS_URL` names, without user and password. */
export function describeRedisUrl(url: string): string {
  return describeTarget(parseRedisUrl(url));
}

/** Process ids of the Redis servers that the settings name and that are reached over loopback; none where they do not answer. */
export async function localRedisProcesses(values: RedisValues & { redisUrl: string }): Promise<number[]> {
  const place = placeOf(values);
  const { localProcessesOf } = await import('./redis/local-processes.ts');
  return await localProcessesOf(place);
}

/** Looks at the Redis that the settings name. @throws PushfleetError REGISTRY_UNAVAILABLE if it does not answer within `withinMs`. */
export async function probeRedis(values: RedisValues & { redisUrl: string }, withinMs: number): Promise<RedisProbe> {
  const place = placeOf(values);
  const { probeRedisServer } = await import('./redis/probe.ts');
  return await probeRedisServer(place, withinMs, systemClock);
}

export interface OpenOptions {
  /** Whether this process takes the data in Redis to the layout that this version knows, or waits for one that does. */
  migrates?: boolean;
  /** Passwords and CAs for Redis, now and later. Absent: those that its files hold now. */
  redisCredentials?: Live<RedisCredentials>;
}

/** Takes a user of the cluster out of Redis, if this process may. Never rejects because of Redis. */
export async function removeRedisUser(
  values: RegistryValues & { redisUrl: string },
  user: RedisUser,
): Promise<UserRemoval> {
  const place = placeOf(values);
  const { removeUserAt } = await import('./redis/remove-user.ts');
  return await removeUserAt(place, redisUserName(values.redisKeyPrefix, user));
}

/**
 * The Redis that the settings name.
 * @param credentials Absent: what its files hold now.
 * @throws PushfleetError INVALID_ARGUMENT for what those files hold
 */
function placeOf(values: RedisValues & { redisUrl: string }, credentials?: Live<RedisCredentials>): RedisPlace {
  const { redisUrl: url, redisSentinelUser: sentinelUser } = values;
  return { url, sentinelUser, credentials: credentials ?? fixed(loadRedisCredentials(values)) };
}

/** Processes of a cluster start at the same time as Redis does. */
const connectWithinMs = 10_000;

/**
 * Opens the registry that the settings name. An adapter is loaded only where it is used.
 * @param attended The clock by which answers are late; one that counts no pauses of this process where it serves others.
 * @throws PushfleetError INVALID_ARGUMENT for what the files of credentials hold; REGISTRY_UNAVAILABLE, after ten seconds at most, or where the data is of a version that this one cannot work with
 */
export async function openRegistry(
  values: RegistryValues,
  attended: AttendedTime = systemClock,
  { migrates = true, redisCredentials }: OpenOptions = {},
): Promise<Registry> {
  const { stateDir, redisUrl: url, redisKeyPrefix: keyPrefix, suspectAfterMs, deadAfterMs } = values;
  const limits = { suspectAfterMs, deadAfterMs };
  if (url !== undefined) {
    const place = placeOf({ ...values, redisUrl: url }, redisCredentials);
    const { openRedisRegistry } = await import('./redis/registry.ts');
    return meterRegistry(await openRedisRegistry({ ...place, keyPrefix, limits, connectWithinMs, attended, migrates }));
  }
  const { openEmbeddedRegistry } = await import('./embedded/registry.ts');
  return meterRegistry(await openEmbeddedRegistry(join(stateDir, 'registry.sqlite'), limits, attended));
}
