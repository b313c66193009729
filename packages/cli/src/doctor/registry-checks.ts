import type { RedisProbe, RegistryFinding } from '@pushfleet/registry';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Judges whether the registry answers and takes writes. @param failure In words; absent: it does. */
export function checkRegistry(name: string, isRedis: boolean, failure?: string): Finding {
  const check = 'registry';
  if (failure === undefined) return ok(check, `${name} answers and takes writes`);
  const change = isRedis
    ? 'redis-cli -u "$PUSHFLEET_REDIS_URL" ping shows the same; correct PUSHFLEET_REDIS_URL, start Redis, or open the firewall to it'
    : 'start a balancer, which makes it; where it is there, this user must be able to read and write it';
  return problem(check, failure, change);
}

const check = 'registry settings';
const redisCli = 'redis-cli -u "$PUSHFLEET_REDIS_URL"';

/** The command for what a balancer finds wrong with a Redis. */
const remedies: Record<RegistryFinding['about'], string> = {
  access: `${redisCli} ACL SETUSER <user> +info, as a user who may`,
  schema: 'run the version of pushfleet that the text names',
  version: 'install Redis 6.2 or later, or Valkey',
  mode: 'set PUSHFLEET_REDIS_URL as the text says',
  eviction: `${redisCli} CONFIG SET maxmemory-policy noeviction, and the same in redis.conf (CONFIG REWRITE)`,
  persistence: `${redisCli} CONFIG SET appendonly yes, and the same in redis.conf (CONFIG REWRITE)`,
};

/** Judges version, eviction policy and persistence as balancers do. */
export function checkRedisSettings({ version, findings }: Pick<RedisProbe, 'version' | 'findings'>): Finding[] {
  if (findings.length === 0) {
    return [ok(check, `version ${version ?? 'unknown'}; nothing is evicted, and it is kept on disk`)];
  }
  return findings.map(({ severity, about, words }) =>
    (severity === 'unfit' ? problem : warning)(check, words, remedies[about]),
  );
}

/** Each assignment, session and durable command takes one round trip or more. */
const fastMs = 5;
const slowMs = 50;

/** Judges the time of a round trip by its median. */
export function checkRegistryLatency(roundTripsMs: readonly number[]): Finding {
  const sorted = roundTripsMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const found = `${median.toFixed(1)} ms for a round trip, ${(sorted.at(-1) ?? 0).toFixed(1)} ms at most of ${sorted.length}`;
  const name = 'registry latency';
  const change = `${redisCli} --latency from this machine; put balancers and Redis into one data centre, and see ${redisCli} SLOWLOG GET`;
  if (median > slowMs) return problem(name, `${found}: assignments and durable commands wait for it`, change);
  if (median > fastMs) return warning(name, `${found}: more than a local network takes`, change);
  return ok(name, found);
}
