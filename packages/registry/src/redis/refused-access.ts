import type { RefusedAccess } from '../registry.ts';
import { redisUserName } from './access-rules.ts';
import type { RedisConnection } from './connection.ts';

const entriesAtOnce = 64;

/** The last attempts that Redis has refused to push servers. `undefined`: this user may not ask. */
export async function readRefusedAccess(
  redis: RedisConnection,
  keyPrefix: string,
): Promise<RefusedAccess[] | undefined> {
  const logs = await redis.askMasters((server) => server.call('ACL', 'LOG', entriesAtOnce) as Promise<unknown[][]>);
  if (logs.includes(undefined)) return undefined;
  const ofPushServers = `${redisUserName(keyPrefix, { role: 'push-server' })}-`;
  const refused = logs.flatMap((entries) => (entries ?? []).map(decodeEntry));
  return refused.filter(({ user }) => user.startsWith(ofPushServers));
}

/** An entry is a list of names, each before its value. */
function decodeEntry(entry: readonly unknown[]): RefusedAccess {
  const field = (name: string) => String(entry[entry.indexOf(name) + 1] ?? '');
  return {
    user: field('username'),
    what: `the ${field('reason')} ${JSON.stringify(field('object'))}`,
    address: /(?:^| )addr=(\S+)/.exec(field('client-info'))?.[1] ?? '',
    ageMs: 1_000 * Number(field('age-seconds')),
  };
}
