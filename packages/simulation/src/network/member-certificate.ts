import type { X509Certificate } from 'node:crypto';
import { type Member, memberUri } from '@pushfleet/runtime';

/** The part of a member's certificate by which members of the cluster judge one another. Nobody signs it: there is no TLS here. */
export type MemberCertificate = Pick<X509Certificate, 'serialNumber' | 'subjectAltName'>;

/** @param number How many the member has had before. */
export function certify(member: Member, number: number): MemberCertificate {
  const uri = memberUri(member);
  return {
    serialNumber: Buffer.from(`${uri}#${number}`).toString('hex').toUpperCase(),
    subjectAltName: `URI:${uri}`,
  };
}
