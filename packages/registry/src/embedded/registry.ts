import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import { EmbeddedAssignments } from './assignments.ts';
import { Database } from './database.ts';
import { EmbeddedFleet } from './fleet.ts';
import { EmbeddedNodes } from './nodes.ts';
import { EmbeddedSessions } from './sessions.ts';
import { EmbeddedTicketKeys } from './ticket-keys.ts';

/**
 * The registry in a SQLite file, for all processes of one machine.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
export async function openEmbeddedRegistry(file: string, limits: LivenessLimits): Promise<Registry> {
  const database = new Database(file);
  return {
    nodes: new EmbeddedNodes(database, limits),
    assignments: new EmbeddedAssignments(database, limits.suspectAfterMs),
    sessions: new EmbeddedSessions(database),
    fleet: new EmbeddedFleet(database),
    ticketKeys: new EmbeddedTicketKeys(database),
    ping: async () => {
      await database.read(() => database.get('SELECT 1'));
    },
    [Symbol.asyncDispose]: async () => database[Symbol.dispose](),
  };
}
