import { PushfleetError } from '@pushfleet/protocol';
import type { ApiTokens } from './api-tokens.ts';
import type { Assignments } from './assignments.ts';
import type { Balancers } from './balancers.ts';
import type { Commands } from './commands.ts';
import type { EnrollmentTokens } from './enrollment-tokens.ts';
import type { AuditTrail, Events } from './events.ts';
import type { Fleet } from './fleet.ts';
import type { GroupPushes } from './group-pushes.ts';
import type { Leases } from './leases.ts';
import type { Maintenance } from './maintenance.ts';
import type { Nodes } from './nodes.ts';
import type { Rebalances } from './rebalances.ts';
import type { Revocations } from './revocations.ts';
import type { RollingRestarts } from './rolling-restarts.ts';
import type { Sessions } from './sessions.ts';
import type { TicketKeys } from './ticket-keys.ts';
import type { TlsTicketKeys } from './tls-ticket-keys.ts';
import type { TokenGrants } from './token-grants.ts';

/** `unfit`: what is kept in it may vanish, or not be kept at all. `doubtful`: it may be meant so, or could not be looked at. */
export interface RegistryFinding {
  severity: 'unfit' | 'doubtful';
  /** The part of the set-up that it is about; `access`: it could not be looked at. */
  about: 'access' | 'schema' | 'version' | 'mode' | 'eviction' | 'persistence';
  /** Says what is wrong and what to do; for operators. */
  words: string;
}

/**
 * The longest time between two writes that the write clock counts in full, in milliseconds. Balancers write every second:
 * what lies further apart is a time in which nobody could write.
 */
export const longestWriteGapMs = 2_000;

/**
 * The cluster's memory. All processes of a cluster share one. While it does not answer, every operation throws
 * PushfleetError REGISTRY_UNAVAILABLE within a few seconds; nothing is retried behind the caller's back.
 */
export interface Registry extends AsyncDisposable {
  readonly nodes: Nodes;
  readonly balancers: Balancers;
  readonly assignments: Assignments;
  readonly sessions: Sessions;
  readonly commands: Commands;
  readonly groupPushes: GroupPushes;
  readonly fleet: Fleet;
  readonly ticketKeys: TicketKeys;
  readonly tlsTicketKeys: TlsTicketKeys;
  readonly revocations: Revocations;
  readonly leases: Leases;
  readonly rebalances: Rebalances;
  readonly maintenance: Maintenance;
  readonly rollingRestarts: RollingRestarts;
  readonly events: Events;
  readonly audit: AuditTrail;
  readonly apiTokens: ApiTokens;
  readonly enrollmentTokens: EnrollmentTokens;
  /** Sign-ins to the console: what a browser shows stands for the token that was shown once. */
  readonly consoleSessions: TokenGrants;
  /** Codes with which somebody can sign in once. */
  readonly signInCodes: TokenGrants;
  /**
   * Resolves if the registry answers and takes writes. Silence of push servers is measured only while somebody asks at
   * least every two seconds, or writes otherwise.
   */
  ping(): Promise<void>;
  /** Findings about the store itself, as it is set up. */
  check(): Promise<RegistryFinding[]>;
  /** The last attempts that the store has refused to push servers. Absent: it has no users. `undefined`: this process may not ask. */
  refusedAccess?(): Promise<RefusedAccess[] | undefined>;
}

/** An attempt, or several that are alike, of a user to do in the store what it may not. */
export interface RefusedAccess {
  /** Name of the user in the store. */
  user: string;
  /** The command or the key that it may not use, in words. */
  what: string;
  /** Address of the client; empty: not known. */
  address: string;
  /** Time since the last of them, in milliseconds. */
  ageMs: number;
}

/** Why the registry did not do what it was asked. Each adapter has a table of its own for them. */
export type RegistryFault =
  /** It does not answer, or not yet, or not us. */
  | { kind: 'away'; why: string }
  /** It answers what only reads. For whoever has something to write that is as good as away. */
  | { kind: 'refuses-writes'; why: string }
  /** It cannot do what it was asked, and never will: our mistake, or data of somebody else. */
  | { kind: 'bug'; why: string };

class RefusedWrite extends PushfleetError {}

/** `true`: the registry said that it did not do it. After any other failure it may have done it all the same. */
export function isRefusedWrite(error: unknown): boolean {
  return error instanceof RefusedWrite;
}

/**
 * REGISTRY_UNAVAILABLE where the same may succeed later, INTERNAL where it will not. The text is for everybody: it names
 * the registry and no key, no user and no password.
 */
export function toRegistryError(registry: string, { kind, why }: RegistryFault, cause: unknown): PushfleetError {
  switch (kind) {
    case 'away':
      return new PushfleetError('REGISTRY_UNAVAILABLE', `${registry} ${why}`, { cause });
    case 'refuses-writes':
      return new RefusedWrite('REGISTRY_UNAVAILABLE', `${registry} takes no writes: ${why}`, { cause });
    case 'bug':
      return new PushfleetError('INTERNAL', `${registry} ${why}`, { cause });
    default:
      return kind satisfies never;
  }
}
