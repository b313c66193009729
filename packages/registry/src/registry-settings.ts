import { type processSettings, type SettingValues, settingKinds } from '@pushfleet/runtime';
import { explainRedisUrl, maskRedisUrl } from './redis/target.ts';

/** The settings of the cluster's memory, which every process reads together with `processSettings`. */
export const registrySettings = {
  redisUrl: {
    name: 'PUSHFLEET_REDIS_URL',
    description:
      'Redis to keep the registry in: `redis://user:password@host:port/db`; with Sentinels `redis+sentinel://user:password@host:port,host:port/master-name/db`; as a Redis Cluster `redis+cluster://user:password@host:port,host:port`. `rediss…` for TLS. Default: the embedded registry, `registry.sqlite` in the state directory, which all processes of one machine share.',
    schema: settingKinds.explained(explainRedisUrl).optional(),
    mask: (url: string): string => maskRedisUrl(url),
  },
  redisPasswordFile: {
    name: 'PUSHFLEET_REDIS_PASSWORD_FILE',
    description:
      'File whose first line is the password of Redis, in place of one in PUSHFLEET_REDIS_URL. As all of these files it is read again when it changes, and used for connections that are made from then on.',
    schema: settingKinds.path().optional(),
  },
  redisSentinelUser: {
    name: 'PUSHFLEET_REDIS_SENTINEL_USER',
    description: 'User as whom Sentinels are asked, where they have users. Default: their default user.',
    schema: settingKinds.text('1 to 128 characters without blanks', /^\S{1,128}$/).optional(),
  },
  redisSentinelPasswordFile: {
    name: 'PUSHFLEET_REDIS_SENTINEL_PASSWORD_FILE',
    description: 'File whose first line is the password of the Sentinels. Default: they are asked without.',
    schema: settingKinds.path().optional(),
  },
  redisCaFile: {
    name: 'PUSHFLEET_REDIS_CA_FILE',
    description:
      'Certificates (PEM) of the CAs that issue those of Redis and its Sentinels, with `rediss…`. Default: public CAs.',
    schema: settingKinds.path().optional(),
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

/** How to get at a Redis. What is in files may be left out. */
export type RedisValues = Pick<SettingValues<typeof registrySettings>, 'redisUrl'> &
  Partial<
    Pick<
      SettingValues<typeof registrySettings>,
      'redisPasswordFile' | 'redisSentinelUser' | 'redisSentinelPasswordFile' | 'redisCaFile'
    >
  >;

/** The settings of a registry. */
export type RegistryValues = RedisValues &
  Pick<
    SettingValues<typeof processSettings & typeof registrySettings>,
    'stateDir' | 'redisKeyPrefix' | 'suspectAfterMs' | 'deadAfterMs'
  >;
