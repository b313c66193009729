import type { Assignments } from './assignments.ts';
import type { Commands } from './commands.ts';
import type { Events } from './events.ts';
import type { Fleet } from './fleet.ts';
import type { GroupPushes } from './group-pushes.ts';
import type { Leases } from './leases.ts';
import type { Maintenance } from './maintenance.ts';
import type { Nodes } from './nodes.ts';
import type { Rebalances } from './rebalances.ts';
import type { Sessions } from './sessions.ts';
import type { TicketKeys } from './ticket-keys.ts';

/** `unfit`: what is kept in it may vanish, or not be kept at all. `doubtful`: it may be meant so, or could not be looked at. */
export interface RegistryFinding {
  severity: 'unfit' | 'doubtful';
  /** What is wrong and what to do; for operators. */
  words: string;
}

/**
 * The cluster's memory. All processes of a cluster share one. While it does not answer, every operation throws
 * PushfleetError REGISTRY_UNAVAILABLE within a few seconds; nothing is retried behind the caller's back.
 */
export interface Registry extends AsyncDisposable {
  readonly nodes: Nodes;
  readonly assignments: Assignments;
  readonly sessions: Sessions;
  readonly commands: Commands;
  readonly groupPushes: GroupPushes;
  readonly fleet: Fleet;
  readonly ticketKeys: TicketKeys;
  readonly leases: Leases;
  readonly rebalances: Rebalances;
  readonly maintenance: Maintenance;
  readonly events: Events;
  /**
   * Resolves if the registry answers and takes writes. Silence of push servers is measured only while somebody asks at
   * least every two seconds, or writes otherwise.
   */
  ping(): Promise<void>;
  /** What is wrong with the store itself, as it is set up. */
  check(): Promise<RegistryFinding[]>;
}
