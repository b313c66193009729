import { createHash } from 'node:crypto';
import type { BootId, DeviceId } from '@pushfleet/protocol';
import { createKeys, type Keys } from './keys.ts';

/** A user of Redis, as a cluster needs it. */
export interface RedisUser {
  role: 'balancer' | 'push-server';
  /** Id of the push server's distribution point; of balancers, which share a user, absent. */
  distributionPoint?: string;
}

/**
 * All keys that push servers use, as patterns. `written` ones they read as well. Of the others, scripts get the names as
 * arguments, because Redis lets nobody name a key to a script who may not write it.
 */
export function pushServerKeys(keys: Keys): { written: string[]; read: string[] } {
  const everyDevice = '*' as DeviceId;
  return {
    written: [
      keys.nodes,
      keys.nodeStates,
      keys.nodeProblems,
      keys.writeClock,
      keys.incarnation,
      keys.reservations,
      keys.reservationLapses,
      keys.reserved,
      keys.nextSlots,
      keys.bootsWithDevices,
      keys.heldDevices('*' as BootId),
      keys.events,
      keys.maintenanceProgress,
      keys.tlsTicketKeys('*'),
      ...keys.commands(everyDevice),
    ],
    read: [
      keys.bootClaims,
      keys.schema,
      keys.distributionPoints,
      keys.maintenance,
      keys.ticketKeys,
      keys.ticketKeyExpiries,
      keys.revocations,
      keys.deviceTickets(everyDevice),
    ],
  };
}

/** All commands that push servers send, and that their scripts call. The tests hold it to what they really run. */
export const pushServerCommands = [
  ...['eval', 'evalsha', 'time', 'exists', 'del', 'pexpire', 'pexpireat'],
  ...['get', 'set', 'hget', 'hmget', 'hgetall', 'hvals', 'hlen', 'hset', 'hdel', 'hincrby'],
  ...['sadd', 'srem', 'zadd', 'zrem', 'zrange', 'zrangebyscore', 'zscore', 'xadd'],
] as const;

/** Commands that every client needs: to choose its database, to see that Redis was restarted, to find the members of a cluster. */
const clientCommands = ['select', 'info', 'client|setname', 'cluster|slots', 'cluster|info'] as const;

/** Balancers look after users that are revoked, and hear of what was refused to them; they make none. */
const balancerCommands = ['eval', 'evalsha', 'time', ...clientCommands, 'acl|deluser', 'acl|log'] as const;

/** The name of the user in Redis. Clusters that share one Redis differ by their key prefixes. */
export function redisUserName(keyPrefix: string, { role, distributionPoint }: RedisUser): string {
  return [keyPrefix, role, ...(distributionPoint === undefined ? [] : [distributionPoint])].join('-');
}

/** The rights of a user, as ACL SETUSER and files with users take them, without name and password. Redis 7 or Valkey. */
export function redisUserRights(keyPrefix: string, role: RedisUser['role']): string[] {
  const allow = (commands: readonly string[]) => commands.map((command) => `+${command}`);
  const none = ['resetchannels', 'resetkeys', '-@all'];
  switch (role) {
    case 'balancer':
      return [
        ...none,
        '+@read',
        '+@write',
        '+@connection',
        '-@dangerous',
        ...allow(balancerCommands),
        `~${keyPrefix}:*`,
      ];
    case 'push-server': {
      const { written, read } = pushServerKeys(createKeys(keyPrefix));
      const keys = [...written.map((key) => `~${key}`), ...read.map((key) => `%R~${key}`)];
      return [...none, ...allow([...pushServerCommands, ...clientCommands]), ...keys];
    }
    default:
      return role satisfies never;
  }
}

/** The user as a line of the file that `aclfile` of Redis names. It has a hash of the password, which is long and random. */
export function redisUserLine(keyPrefix: string, user: RedisUser, password: string): string {
  const hash = createHash('sha256').update(password).digest('hex');
  const rights = redisUserRights(keyPrefix, user.role).join(' ');
  return `user ${redisUserName(keyPrefix, user)} on #${hash} ${rights}`;
}
