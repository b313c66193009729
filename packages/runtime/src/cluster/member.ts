import type { X509Certificate } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';

/** The kinds of processes that show certificates of the cluster's CA. Workers are their push server. */
export const memberRoles = ['balancer', 'push-server'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** A member of the cluster, as its certificate names it. The name of a push server is its distribution point's id. */
export interface Member {
  role: MemberRole;
  name: string;
}

/** Ids of distribution points, and names of balancers. Nothing in them needs an escape in a URI or a certificate. */
const namePattern = '[A-Za-z0-9][A-Za-z0-9._-]{0,62}';
const uriPattern = new RegExp(`^pushfleet://cluster/(balancer|push-server)/(${namePattern})$`);

/** The member as the URI in the subject alternative names of its certificate. */
export function memberUri({ role, name }: Member): string {
  return `pushfleet://cluster/${role}/${name}`;
}

/** The member as a URI in the certificate that it shows to devices. */
export function serverUri({ role, name }: Member): string {
  return `pushfleet://devices/${role}/${name}`;
}

export function parseMemberUri(uri: string): Member | undefined {
  const [, role, name] = uriPattern.exec(uri) ?? [];
  return role && name ? { role: role as MemberRole, name } : undefined;
}

/** The role for people: `push server`. */
export function describeRole(role: MemberRole): string {
  return role.replace('-', ' ');
}

/** The member for people: `push server dp-1`. */
export function describeMember({ role, name }: Member): string {
  return `${describeRole(role)} ${name}`;
}

/** `undefined`: the certificate names no member, or several. */
export function memberOf({ subjectAltName }: Pick<X509Certificate, 'subjectAltName'>): Member | undefined {
  const uris = (subjectAltName ?? '').split(', ').flatMap((entry) => /^URI:(pushfleet:.*)$/.exec(entry)?.[1] ?? []);
  const [uri, ...more] = uris;
  return uri !== undefined && more.length === 0 ? parseMemberUri(uri) : undefined;
}

const callerKey = 'pushfleet-caller';

/** Notes the caller of a call, which its certificate names, in place of whatever the caller has said itself. */
export function setCaller(metadata: Metadata, caller: Member): void {
  metadata.set(callerKey, memberUri(caller));
}

/** The member that makes this call. `undefined`: the call did not come over a port of the cluster. */
export function callerOf({ metadata }: { metadata: Metadata }): Member | undefined {
  const [uri] = metadata.get(callerKey);
  return typeof uri === 'string' ? parseMemberUri(uri) : undefined;
}
