import type { X509Certificate } from 'node:crypto';
import { type CertificateExpectation, findCertificateFault, leadsTo, namesOf } from './certificate-fault.ts';
import { type ClusterCredentials, clusterServerName, type KeyPair } from './credentials.ts';
import { parseCertificates } from './pem.ts';

export interface ServerExpectation extends Pick<CertificateExpectation, 'wallMs' | 'authorities'> {
  /** The name or address by which devices reach this process. Absent: not known; one name of the former certificate must be left. */
  address?: string | undefined;
}

/** Says why the certificate shown to devices and administrators is not used in place of the former one. `undefined`: it is. */
export function judgeServerPair(next: KeyPair, former: KeyPair, expected: ServerExpectation): string | undefined {
  const [chain, formerChain] = [chainOf(next.cert), chainOf(former.cert)];
  const { address = sharedName(chain, formerChain), wallMs, authorities } = expected;
  return judge(chain, formerChain, { address, wallMs, authorities });
}

export interface AuthoritiesExpectation {
  /** The certificate that this process shows. */
  shown: KeyPair;
  /** The chain in its files, which it shows next. */
  inFiles: Chain;
  /** The file of the list. */
  path: string;
}

/**
 * Says why the list of CAs that devices trust is not used in place of the former one: devices could trust this process no more, whose
 * certificate led to one of the former. `undefined`: it is.
 */
export function judgeAuthorities(
  next: Chain | undefined,
  former: Chain | undefined,
  { shown, inFiles, path }: AuthoritiesExpectation,
): string | undefined {
  const chain = chainOf(shown.cert);
  if (!former || !leadsTo(chain, former)) return undefined;
  if (!next) return `${path} is gone, and with it the CA of the certificate for devices and Administration Servers`;
  if (leadsTo(chain, next) || leadsTo(inFiles, next)) return undefined;
  return `${path} has no CA to which the certificate for devices and Administration Servers leads; to move to another CA, append it first`;
}

/** Says why the certificate for the cluster is not used in place of the former one. `undefined`: it is. */
export function judgeClusterCredentials(
  next: ClusterCredentials,
  former: ClusterCredentials,
  wallMs: number,
): string | undefined {
  const expected = { address: clusterServerName, wallMs, shownTo: 'cluster' } as const;
  const chain = chainOf(next.cert);
  const uses = chain[0]?.keyUsage as string[] | undefined;
  if (uses && !uses.some((use) => clientUses.includes(use)))
    return 'its certificate is not for clients (clientAuth), and processes of the cluster are clients of one another';
  return judge(chain, chainOf(former.cert), { ...expected, authorities: chainOf(next.ca) });
}

/** When the first of the certificates in the PEM text ends, in Unix time. */
export function endOfChain(pem: Buffer): number {
  return Math.min(...chainOf(pem).map(({ validToDate }) => validToDate.getTime()));
}

/** Object identifiers of the uses that a client's certificate may have (RFC 5280, 4.2.1.12): clients, anybody. */
const clientUses = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

type Chain = readonly X509Certificate[];

/** A fault that the former has too is no reason: it is known, and as a rule there is a proxy with another certificate in front. */
function judge(next: Chain, former: Chain, expected: CertificateExpectation): string | undefined {
  const fault = findCertificateFault(next, expected);
  if (!fault) return undefined;
  const [leaf] = former;
  if (leaf && !isOfDate(fault.kind)) {
    // Whether it has ended by now does not matter.
    const [fromMs, toMs] = [leaf.validFromDate.getTime(), leaf.validToDate.getTime()];
    const wallMs = Math.max(fromMs, Math.min(toMs, expected.wallMs));
    if (findCertificateFault(former, { ...expected, wallMs })?.kind === fault.kind) return undefined;
  }
  return fault.detail;
}

function isOfDate(kind: string): boolean {
  return kind === 'certificate-expired' || kind === 'certificate-not-yet-valid';
}

/** A name of the former certificate that the next one has too; else the first of the former. */
function sharedName([next]: Chain, [former]: Chain): string {
  const names = former ? namesOf(former) : [];
  const named = next ? namesOf(next) : [];
  const name = names.find((one) => named.includes(one)) ?? names[0] ?? named[0] ?? '';
  // A wildcard is no name of a host.
  return name.replace(/^\*\./, 'any.');
}

function chainOf(pem: Buffer): X509Certificate[] {
  return parseCertificates({ setting: '', path: '', bytes: pem });
}
