import { PushfleetError } from '@pushfleet/protocol';
import {
  type CredentialFiles,
  decodeText,
  type Live,
  parseAuthorities,
  pemOf,
  readCredentialFile,
} from '@pushfleet/runtime';
import type { RedisCredentials } from './redis/clients.ts';
import { parseRedisUrl } from './redis/target.ts';
import { type RedisValues, registrySettings } from './registry-settings.ts';

type FileSetting = 'redisPasswordFile' | 'redisSentinelPasswordFile' | 'redisCaFile';

/**
 * Reads what PUSHFLEET_REDIS_PASSWORD_FILE and its like name.
 * @throws PushfleetError INVALID_ARGUMENT that names the setting and the file, and nothing of what a password file holds
 */
export function loadRedisCredentials(values: RedisValues): RedisCredentials {
  const { redisUrl, redisPasswordFile, redisSentinelPasswordFile, redisCaFile } = values;
  if (redisUrl === undefined) return {};
  const { kind, password, tls } = parseRedisUrl(redisUrl);
  const url = registrySettings.redisUrl.name;
  if (redisPasswordFile !== undefined && password !== undefined)
    throw contradiction('redisPasswordFile', `${url} has a password, too: take one of them away`);
  if (redisSentinelPasswordFile !== undefined && kind !== 'sentinel')
    throw contradiction('redisSentinelPasswordFile', `${url} names no Sentinels, as redis+sentinel://… does`);
  if (redisCaFile !== undefined && !tls)
    throw contradiction('redisCaFile', `${url} is not for TLS: it begins with rediss where certificates are checked`);
  return {
    password: readPassword('redisPasswordFile', redisPasswordFile),
    sentinelPassword: readPassword('redisSentinelPasswordFile', redisSentinelPasswordFile),
    ca: readAuthorities(redisCaFile),
  };
}

/**
 * The same, read again when the files change. Connections that are open stay; those that are made later use what the files hold.
 * @throws PushfleetError as `loadRedisCredentials`
 */
export function watchRedisCredentials(files: CredentialFiles, values: RedisValues): Live<RedisCredentials> {
  const { redisPasswordFile, redisSentinelPasswordFile, redisCaFile } = values;
  return files.add<RedisCredentials>({
    name: 'redis',
    files: [redisPasswordFile, redisSentinelPasswordFile, redisCaFile].filter((file) => file !== undefined),
    load: () => loadRedisCredentials(values),
    isSame: (one, other) =>
      one.password === other.password && one.sentinelPassword === other.sentinelPassword && one.ca === other.ca,
  });
}

/** A password is the first line of its file, without the end of the line. */
function readPassword(setting: FileSetting, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const { name } = registrySettings[setting];
  const { bytes } = readCredentialFile(name, path, 'its first line is the password');
  const [password = ''] = decodeText(bytes, `${name}: ${path}`).split(/\r\n|\n|\r/, 1);
  if (password === '') throw contradiction(setting, `the first line of ${path} must be the password; it is empty`);
  return password;
}

function readAuthorities(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const file = readCredentialFile(registrySettings.redisCaFile.name, path, 'it holds the CA of the Redis servers');
  return String(pemOf(parseAuthorities(file)));
}

function contradiction(setting: FileSetting, words: string): PushfleetError {
  return new PushfleetError('INVALID_ARGUMENT', `${registrySettings[setting].name}: ${words}`);
}
