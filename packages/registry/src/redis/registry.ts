import type { AttendedTime } from '@pushfleet/runtime';
import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import { RedisApiTokens } from './api-tokens.ts';
import { RedisAssignments } from './assignments.ts';
import { RedisBalancers } from './balancers.ts';
import type { RedisPlace } from './clients.ts';
import { RedisCommands } from './commands.ts';
import { RedisConnection } from './connection.ts';
import { RedisEnrollmentTokens } from './enrollment-tokens.ts';
import { RedisEventLog } from './events.ts';
import { RedisFleet } from './fleet.ts';
import { RedisGroupPushes } from './group-pushes.ts';
import { createKeys } from './keys.ts';
import { RedisLeases } from './leases.ts';
import { RedisMaintenance } from './maintenance.ts';
import { RedisNodes } from './nodes.ts';
import { checkSchema, prepareSchema } from './prepare-schema.ts';
import { RedisRebalances } from './rebalances.ts';
import { readRefusedAccess } from './refused-access.ts';
import { RedisRevocations } from './revocations.ts';
import { RedisRollingRestarts } from './rolling-restarts.ts';
import { scripts } from './scripts.ts';
import { RedisSessions } from './sessions.ts';
import { RedisTicketKeys } from './ticket-keys.ts';
import { RedisTlsTicketKeys } from './tls-ticket-keys.ts';
import { RedisTokenGrants } from './token-grants.ts';

export interface RedisRegistryOptions extends RedisPlace {
  keyPrefix: string;
  limits: LivenessLimits;
  /** How long to wait for Redis to answer for the first time. */
  connectWithinMs: number;
  /** Whether this process takes the data of an older version to the present layout; others wait for one that does. */
  migrates?: boolean;
  /** The clock by which answers are late. */
  attended: AttendedTime;
  /** The time that scripts go by, in Unix time; absent: that of the server. Keys expire by the server's in any case. */
  wallMs?: () => number;
}

/**
 * The registry in Redis, for any number of machines.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
export async function openRedisRegistry(options: RedisRegistryOptions): Promise<Registry> {
  const redis = await RedisConnection.open(options, options.connectWithinMs, options.attended, options.wallMs);
  const keys = createKeys(options.keyPrefix);
  const { migrates = true, connectWithinMs: withinMs } = options;
  await prepareSchema(redis, keys, { migrates, withinMs }).catch(async (error) => {
    await redis[Symbol.asyncDispose]();
    throw error;
  });
  return {
    nodes: new RedisNodes(redis, keys, options.limits),
    balancers: new RedisBalancers(redis, keys),
    assignments: new RedisAssignments(redis, keys, options.limits.suspectAfterMs),
    sessions: new RedisSessions(redis, keys),
    commands: new RedisCommands(redis, keys),
    groupPushes: new RedisGroupPushes(redis, keys),
    fleet: new RedisFleet(redis, keys),
    ticketKeys: new RedisTicketKeys(redis, keys),
    tlsTicketKeys: new RedisTlsTicketKeys(redis, keys),
    revocations: new RedisRevocations(redis, keys),
    leases: new RedisLeases(redis, keys),
    rebalances: new RedisRebalances(redis, keys),
    maintenance: new RedisMaintenance(redis, keys),
    rollingRestarts: new RedisRollingRestarts(redis, keys),
    events: new RedisEventLog(redis, keys.events),
    audit: new RedisEventLog(redis, keys.audit),
    apiTokens: new RedisApiTokens(redis, keys),
    enrollmentTokens: new RedisEnrollmentTokens(redis, keys),
    consoleSessions: new RedisTokenGrants(redis, keys, 'consoleSessions'),
    signInCodes: new RedisTokenGrants(redis, keys, 'signInCodes'),
    ping: async () => {
      await redis.run(scripts.ping, [keys.writeClock], []);
    },
    check: async () => [...(await redis.check()), ...(await checkSchema(redis, keys, migrates))],
    refusedAccess: () => readRefusedAccess(redis, options.keyPrefix),
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}
