import { describeMember, describeRole, type Member, type MemberRole } from './member.ts';

const balancers = ['balancer'] as const;

/**
 * The members that may call each method of the ports between processes of the cluster. What a method may be asked is narrower
 * where its handler says so: `Evict` closes only sessions that its caller has superseded.
 */
export const clusterAccess = {
  '/pushfleet.node.v1.NodeControlService/Channel': balancers,
  '/pushfleet.node.v1.NodeControlService/Tunnel': balancers,
  '/pushfleet.node.v1.NodeControlService/Evict': ['balancer', 'push-server'],
  '/pushfleet.balancer.v1.PeerService/GetStatus': balancers,
  '/pushfleet.balancer.v1.PeerService/GetCommand': balancers,
  '/pushfleet.balancer.v1.PeerService/CancelCommand': balancers,
  '/pushfleet.balancer.v1.PeerService/WatchCommand': balancers,
} as const satisfies Record<string, readonly MemberRole[]>;

/** Why a member of the cluster was refused. */
export type RefusalReason =
  | 'unnamed'
  | 'revoked'
  | 'not-permitted'
  | 'another-member'
  | 'not-superseded'
  | 'uncertified-key';

export interface Refusal {
  reason: RefusalReason;
  /** The one who was refused, as its certificate names it. */
  member: Member | undefined;
  /** For operators. */
  detail: string;
}

/** Pure. `undefined`: the member may call the method. A method without a row is nobody's. */
export function judgeCall(path: string, caller: Member | undefined): Refusal | undefined {
  if (!caller) {
    const detail = `${methodOf(path)} was called with a certificate that names no member of the cluster`;
    return { reason: 'unnamed', member: undefined, detail };
  }
  const roles: readonly MemberRole[] = Object.hasOwn(clusterAccess, path)
    ? clusterAccess[path as keyof typeof clusterAccess]
    : [];
  if (roles.includes(caller.role)) return undefined;
  const who = roles.length === 0 ? 'nobody' : roles.map((role) => `a ${describeRole(role)}`).join(' or ');
  const detail = `${describeMember(caller)} called ${methodOf(path)}, which is for ${who}`;
  return { reason: 'not-permitted', member: caller, detail };
}

function methodOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
