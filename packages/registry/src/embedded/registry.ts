import { type AttendedTime, systemClock } from '@pushfleet/runtime';
import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import { EmbeddedApiTokens } from './api-tokens.ts';
import { EmbeddedAssignments } from './assignments.ts';
import { EmbeddedBalancers } from './balancers.ts';
import { EmbeddedCommands } from './commands.ts';
import { Database } from './database.ts';
import { EmbeddedEnrollmentTokens } from './enrollment-tokens.ts';
import { EmbeddedEventLog } from './events.ts';
import { EmbeddedFleet } from './fleet.ts';
import { EmbeddedGroupPushes } from './group-pushes.ts';
import { EmbeddedLeases } from './leases.ts';
import { EmbeddedMaintenance } from './maintenance.ts';
import { EmbeddedNodes } from './nodes.ts';
import { checkSchema } from './prepare-schema.ts';
import { EmbeddedRebalances } from './rebalances.ts';
import { EmbeddedRevocations } from './revocations.ts';
import { EmbeddedRollingRestarts } from './rolling-restarts.ts';
import { EmbeddedSessions } from './sessions.ts';
import { EmbeddedTicketKeys } from './ticket-keys.ts';
import { EmbeddedTlsTicketKeys } from './tls-ticket-keys.ts';
import { EmbeddedTokenGrants } from './token-grants.ts';
import { setWriteClock } from './write-clock.ts';

/**
 * The registry in a SQLite file, for all processes of one machine.
 * @param attended The clock by which a write has waited too long for a file that another process holds.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
export async function openEmbeddedRegistry(
  file: string,
  limits: LivenessLimits,
  attended: AttendedTime = systemClock,
): Promise<Registry> {
  return createEmbeddedRegistry(await Database.open(file, attended), limits);
}

/** Closes the database with itself. */
export function createEmbeddedRegistry(database: Database, limits: LivenessLimits): Registry {
  return {
    nodes: new EmbeddedNodes(database, limits),
    balancers: new EmbeddedBalancers(database),
    assignments: new EmbeddedAssignments(database, limits.suspectAfterMs),
    sessions: new EmbeddedSessions(database),
    commands: new EmbeddedCommands(database),
    groupPushes: new EmbeddedGroupPushes(database),
    fleet: new EmbeddedFleet(database),
    ticketKeys: new EmbeddedTicketKeys(database),
    tlsTicketKeys: new EmbeddedTlsTicketKeys(database),
    revocations: new EmbeddedRevocations(database),
    leases: new EmbeddedLeases(database),
    rebalances: new EmbeddedRebalances(database),
    maintenance: new EmbeddedMaintenance(database),
    rollingRestarts: new EmbeddedRollingRestarts(database),
    events: new EmbeddedEventLog(database, 'events'),
    audit: new EmbeddedEventLog(database, 'audit_events'),
    apiTokens: new EmbeddedApiTokens(database),
    enrollmentTokens: new EmbeddedEnrollmentTokens(database),
    consoleSessions: new EmbeddedTokenGrants(database, 'console-session'),
    signInCodes: new EmbeddedTokenGrants(database, 'sign-in-code'),
    ping: async () => {
      await database.write(() => setWriteClock(database));
    },
    check: () => database.read(() => checkSchema(database)),
    [Symbol.asyncDispose]: async () => database[Symbol.dispose](),
  };
}
