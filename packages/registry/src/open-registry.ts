import { join } from 'node:path';
import {
  type AttendedTime,
  type processSettings,
  type SettingValues,
  settingKinds,
  systemClock,
} from '@pushfleet/runtime';
import { meterRegistry } from './metered-registry.ts';
import type { RedisProbe } from './redis/probe.ts';
import { describeTarget, explainRedisUrl, maskRedisUrl, parseRedisUrl } from './redis/target.ts';
import type { Registry } from './registry.ts';

/** The settings of the cluster's memory, which every process reads together with `processSettings`. */
export const registrySettings = {
  redisUrl: {
    name: 'PUSHFLEET_REDIS_URL',
    description:
      'Redis to keep the registry in: `redis://user:password@host:port/db`; with Sentinels `redis+sentinel://user:password@host:port,host:port/master-name/db`; as a Redis Cluster `redis+cluster://user:password@host:port,host:port`. `rediss…` for TLS. Default: the embedded registry, `registry.sqlite` in the state directory, which all processes of one machine share.',
    schema: settingKinds.explained(explainRedisUrl).optional(),
    mask: (url: string): string => maskRedisUrl(url),
  },
  redisKeyPrefix: {
    name: 'PUSHFLEET_REDIS_KEY_PREFIX',
    description: 'What all keys in Redis begin with, so that several clusters can share one Redis.',
    schema: settingKinds.text('1 to 32 of A-Z a-z 0-9 _ -', /^[A-Za-z0-9_-]{1,32}$/),
    fallback: 'pushfleet',
  },
  suspectAfterMs: {
    name: 'PUSHFLEET_SUSPECT_AFTER_MS',
    description: 'A push server that is silent for this long gets no new devices.',
    schema: settingKinds.durationMs(1_000, 600_000),
    fallback: '5000',
  },
  deadAfterMs: {
    name: 'PUSHFLEET_DEAD_AFTER_MS',
    description:
      'A push server that is silent for this long is dead: its sessions are void. PUSHFLEET_SUSPECT_AFTER_MS at least.',
    schema: settingKinds.durationMs(1_000, 3_600_000),
    atLeast: 'PUSHFLEET_SUSPECT_AFTER_MS',
    fallback: '15000',
  },
  reservationMs: {
    name: 'PUSHFLEET_RESERVATION_MS',
    description:
      'How long a place on a push server is kept, from its slot on, for a device that was assigned and has not come.',
    schema: settingKinds.durationMs(1_000, 600_000),
    fallback: '30000',
  },
} as const;

/** The servers that `PUSHFLEET_REDIS_URL` names, without user and password. */
export function describeRedisUrl(url: string): string {
  return describeTarget(parseRedisUrl(url));
}

/** Process ids of the Redis servers behind a URL that are reached over loopback; none where they do not answer. */
export async function localRedisProcesses(url: string): Promise<number[]> {
  const { localProcessesOf } = await import('./redis/local-processes.ts');
  return await localProcessesOf(url);
}

/** Looks at the Redis behind a URL. @throws PushfleetError REGISTRY_UNAVAILABLE if it does not answer within `withinMs`. */
export async function probeRedis(url: string, withinMs: number): Promise<RedisProbe> {
  const { probeRedisServer } = await import('./redis/probe.ts');
  return await probeRedisServer(url, withinMs, systemClock);
}

export type RegistryValues = Pick<
  SettingValues<typeof processSettings & typeof registrySettings>,
  'stateDir' | 'redisUrl' | 'redisKeyPrefix' | 'suspectAfterMs' | 'deadAfterMs'
>;

export interface OpenOptions {
  /** Whether this process takes the data in Redis to the layout that this version knows, or waits for one that does. */
  migrates?: boolean;
}

/** Processes of a cluster start at the same time as Redis does. */
const connectWithinMs = 10_000;

/**
 * Opens the registry that the settings name. An adapter is loaded only where it is used.
 * @param attended The clock by which answers are late; one that counts no pauses of this process where it serves others.
 * @throws PushfleetError REGISTRY_UNAVAILABLE, after ten seconds at most, or where the data is of a version that this one cannot work with
 */
export async function openRegistry(
  values: RegistryValues,
  attended: AttendedTime = systemClock,
  { migrates = true }: OpenOptions = {},
): Promise<Registry> {
  const { stateDir, redisUrl: url, redisKeyPrefix: keyPrefix, suspectAfterMs, deadAfterMs } = values;
  const limits = { suspectAfterMs, deadAfterMs };
  if (url !== undefined) {
    const { openRedisRegistry } = await import('./redis/registry.ts');
    return meterRegistry(await openRedisRegistry({ url, keyPrefix, limits, connectWithinMs, attended, migrates }));
  }
  const { openEmbeddedRegistry } = await import('./embedded/registry.ts');
  return meterRegistry(await openEmbeddedRegistry(join(stateDir, 'registry.sqlite'), limits, attended));
}
