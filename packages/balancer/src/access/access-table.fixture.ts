import { type Role, roles } from '@pushfleet/protocol';
import { accessRuleOf } from './access-table.ts';

/** Groups of the tests: the scope of a token, and one beside it. */
export const [inside, outside] = ['HQ/Lab', 'HQ/Yard'];

/** Enrollment tokens for the two groups. */
export const enrollmentTokens = { in: '0'.repeat(16), out: 'f'.repeat(16) } as const;

/**
 * A request of a method with the fields that say what it is about, filled for one group: its device, its group push.
 * Devices `d-in` and `d-out` stay as they are, `doomed-in` and `doomed-out` are deleted.
 * @param path As gRPC has it: `/pushfleet.admin.v1.CommandService/Push`.
 */
export function requestFor(path: string, group: string): object {
  const [own, at] = group === inside ? (['d-in', 'in'] as const) : (['d-out', 'out'] as const);
  const operation = { forceSync: {} };
  const byMethod: Record<string, object> = {
    PutGroup: { group: { path: `${group}/New` } },
    MoveGroup: { path: `${group}/Gone`, newPath: `${group}/New` },
    DeleteGroup: { path: `${group}/Gone` },
    PutDevice: { device: { deviceId: `new-${at}`, group } },
    MoveDevices: { deviceIds: [own], group },
    ListDevices: { group },
    // One that no other method is asked about.
    DeleteDevice: { deviceId: `doomed-${at}` },
    CreateEnrollmentToken: { group, count: 1 },
    ListEnrollmentTokens: { group },
    RevokeEnrollmentToken: { enrollmentTokenId: enrollmentTokens[at] },
    PushToGroup: { group, operation, idempotencyKey: at },
    Push: { deviceId: own, operation },
    PushStream: { pushes: [{ correlationId: 1, push: { deviceId: own, operation } }] },
    Watch: { deviceId: own },
    Open: { target: { deviceId: own, target: 'localhost:22' } },
  };
  const name = path.slice(path.lastIndexOf('/') + 1);
  return byMethod[name] ?? { deviceId: own, commandId: 'c-1', groupPushId: `push-${at}` };
}

/** A token, and what a request with it is about. */
export interface Holding {
  role: Role;
  /** Its scope: all groups, or `inside`. */
  held: 'fleet' | 'scope';
  /** The group whose things the request names. */
  group: string;
}

const placings = [
  { held: 'fleet', group: outside },
  { held: 'scope', group: inside },
  { held: 'scope', group: outside },
] as const;

/** Each role with each scope, asking about each side of it. */
export const holdings: readonly Holding[] = roles.flatMap((role) => placings.map((placing) => ({ role, ...placing })));

/** Whether the access table lets such a token call the method. */
export function isPermitted(path: string, { role, held, group }: Holding): boolean {
  const rule = accessRuleOf(path);
  if (!rule) throw new TypeError(`${path} has no row in the access table`);
  if (roles.indexOf(role) < roles.indexOf(rule.role)) return false;
  if (held === 'fleet' || rule.concerns === 'in messages') return held === 'fleet' || group === inside;
  const kinds = rule.concerns(withDefaults(path) as never).map(({ kind }) => kind);
  return kinds.length === 0 || (group === inside && !kinds.includes('fleet'));
}

/** The request as its handler gets it, with the fields that a client leaves out. */
function withDefaults(path: string): object {
  return { group: '', deviceIds: [], ...requestFor(path, inside) };
}
