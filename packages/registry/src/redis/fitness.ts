import type { RegistryFinding } from '../registry.ts';
import type { RedisTarget } from './target.ts';

const oldest = [6, 2] as const;

/**
 * The reasons against keeping the registry in a server, by what the server says of itself; each with what to do. Pure.
 * @param info The answer to INFO; `undefined`: the user may not ask for it.
 * @param save The setting `save`; `undefined`: managed servers tell it to nobody.
 */
export function judgeServer(
  info: string | undefined,
  save: string | undefined,
  kind: RedisTarget['kind'],
): RegistryFinding[] {
  if (info === undefined) {
    return [
      doubtful(
        'access',
        'its version and maxmemory-policy could not be checked: this user may not use INFO (grant +info)',
      ),
    ];
  }
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1];
  return [
    ...judgeVersion(field('redis_version')),
    ...judgeMode(field('redis_mode'), kind),
    ...judgeMemory(field('maxmemory_policy'), field('maxmemory')),
    ...judgePersistence(field('aof_enabled'), save),
  ];
}

function judgeVersion(version: string | undefined): RegistryFinding[] {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version === undefined) return [doubtful('access', 'its version could not be checked; 6.2 or later is needed')];
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  return isOld ? [unfit('version', `version ${version} is too old; 6.2 or later is needed`)] : [];
}

function judgeMode(mode: string | undefined, kind: RedisTarget['kind']): RegistryFinding[] {
  if (mode === 'cluster' && kind !== 'cluster') {
    return [unfit('mode', 'it is a member of a Redis Cluster; name it as redis+cluster://host:port,host:port')];
  }
  if (mode === 'sentinel')
    return [unfit('mode', 'it is a Sentinel; name it as redis+sentinel://host:port/master-name')];
  return [];
}

function judgeMemory(policy: string | undefined, maxmemory: string | undefined): RegistryFinding[] {
  if (policy === 'noeviction') return [];
  if (policy === undefined) {
    return [
      doubtful('access', 'its maxmemory-policy could not be checked; it must be noeviction where maxmemory is set'),
    ];
  }
  const remedy = 'set maxmemory-policy noeviction';
  if (maxmemory === '0') {
    return [
      doubtful(
        'eviction',
        `once maxmemory is set it drops devices and commands (maxmemory-policy ${policy}); ${remedy}`,
      ),
    ];
  }
  return [unfit('eviction', `when it is full it drops devices and commands (maxmemory-policy ${policy}); ${remedy}`)];
}

function judgePersistence(appendOnly: string | undefined, save: string | undefined): RegistryFinding[] {
  if (appendOnly !== '0' || save !== '') return [];
  return [
    doubtful('persistence', 'it keeps nothing on disk: a restart loses devices and commands; set appendonly yes'),
  ];
}

type About = RegistryFinding['about'];

function unfit(about: About, words: string): RegistryFinding {
  return { severity: 'unfit', about, words };
}

function doubtful(about: About, words: string): RegistryFinding {
  return { severity: 'doubtful', about, words };
}
