import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { utcMinute } from '../text/utc-minute.ts';
import { visibleText } from '../text/visible-text.ts';
import { isIssuedBy } from './pem.ts';

/** Why devices do not accept a server's certificate. */
export type CertificateFaultKind =
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-name-mismatch'
  | 'certificate-incomplete'
  | 'certificate-untrusted';

export interface CertificateFault {
  kind: CertificateFaultKind;
  /** The fault and its remedy, for operators. */
  detail: string;
}

export interface CertificateExpectation {
  /** The host name or IP address by which devices reach the server. */
  address: string;
  /** Unix time in milliseconds. */
  wallMs: number;
  /** The CAs that its clients trust; `undefined`: not known, and whether they trust the certificate is not judged. */
  authorities: readonly X509Certificate[] | undefined;
  /** Whose certificate it is, for the advice. Default: that for devices. */
  shownTo?: keyof typeof audiences;
}

/** Those to whom a certificate is shown, the setting that names its file, and that of the CAs that they trust. */
const audiences = {
  devices: {
    who: 'devices',
    certificate: 'PUSHFLEET_TLS_CERT_FILE',
    ca: 'PUSHFLEET_CA_FILE of balancers and into the devices',
  },
  cluster: {
    who: 'other processes of the cluster',
    certificate: 'PUSHFLEET_CLUSTER_CERT_FILE',
    ca: 'PUSHFLEET_CLUSTER_CA_FILE of all processes',
  },
} as const;
type Audience = (typeof audiences)[keyof typeof audiences];

/** Longest chain that is looked at. No real one comes near it; a made-up one may lead in circles. */
const longestChain = 10;

/**
 * The first reason why a device would refuse the chain, which is as the server shows it, its own certificate first:
 * dates, then the name, its use, the way up to a CA. `undefined`: there is none.
 */
export function findCertificateFault(
  chain: readonly X509Certificate[],
  expected: CertificateExpectation,
): CertificateFault | undefined {
  const [leaf] = chain;
  if (!leaf) return { kind: 'certificate-incomplete', detail: 'it shows no certificate' };
  const path = climb(leaf, chain, expected.authorities ?? []);
  const audience = audiences[expected.shownTo ?? 'devices'];
  return (
    findDateFault(path, expected.wallMs, audience) ??
    findNameFault(leaf, expected.address, audience) ??
    findUseFault(leaf, audience) ??
    (expected.authorities ? findTrustFault(path, audience) : undefined)
  );
}

/** True where the chain, dates aside, leads up to one of the CAs. */
export function leadsTo(chain: readonly X509Certificate[], authorities: readonly X509Certificate[]): boolean {
  const [leaf] = chain;
  return leaf !== undefined && climb(leaf, chain, authorities).authority !== undefined;
}

interface Path {
  /** Certificates from the server's own upwards, each issued by the next. */
  steps: readonly X509Certificate[];
  /** The CA that devices trust, where the path reaches one. */
  authority: X509Certificate | undefined;
}

function climb(
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): Path {
  const steps = [leaf];
  for (let top = leaf; steps.length <= longestChain; ) {
    const here = top;
    const authority = authorities.find((one) => isSame(one, here) || isIssuedBy(here, one));
    if (authority) return { steps, authority };
    const next = chain.find((one) => !steps.includes(one) && one.ca && isIssuedBy(here, one));
    if (!next) break;
    steps.push(next);
    top = next;
  }
  return { steps, authority: undefined };
}

function findDateFault({ steps, authority }: Path, wallMs: number, to: Audience): CertificateFault | undefined {
  // Certificates above a CA of unknown standing may be there for old devices only.
  for (const certificate of authority ? [...steps, authority] : steps.slice(0, 2)) {
    const whose = describe(certificate, steps[0]);
    const [from, until] = [certificate.validFromDate, certificate.validToDate];
    if (wallMs > until.getTime()) {
      return {
        kind: 'certificate-expired',
        detail: `${whose} expired on ${utcMinute(until.getTime())}; ${renewal(to)}`,
      };
    }
    if (wallMs < from.getTime()) {
      const detail = `${whose} is valid from ${utcMinute(from.getTime())} on, and it is ${utcMinute(wallMs)} here`;
      return { kind: 'certificate-not-yet-valid', detail: `${detail}; ${renewal(to)}, or set the clock` };
    }
  }
  return undefined;
}

function findNameFault(leaf: X509Certificate, address: string, to: Audience): CertificateFault | undefined {
  const isNamed = isIP(address) ? leaf.checkIP(address) : leaf.checkHost(address);
  if (isNamed !== undefined) return undefined;
  const names = listNames(leaf);
  const detail = `its certificate is for ${names}, and not for ${address}, by which ${to.who} reach it`;
  return { kind: 'certificate-name-mismatch', detail: `${detail}; ${renewal(to)}` };
}

/** Object identifiers of the uses that a server's certificate may have (RFC 5280, 4.2.1.12): servers, anybody. */
const serverUses = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

function findUseFault({ keyUsage: uses }: X509Certificate, to: Audience): CertificateFault | undefined {
  // The types promise a list; a certificate that is for any use has none.
  if (!(uses as string[] | undefined) || uses.some((use) => serverUses.includes(use))) return undefined;
  return { kind: 'certificate-untrusted', detail: `its certificate is not for servers (serverAuth); ${renewal(to)}` };
}

function findTrustFault({ steps, authority }: Path, to: Audience): CertificateFault | undefined {
  if (authority) return undefined;
  const top = steps.at(-1) as X509Certificate;
  if (isIssuedBy(top, top)) {
    const what = steps.length === 1 ? 'its certificate is signed by itself' : `it leads to ${nameOf(top.subject)}`;
    return { kind: 'certificate-untrusted', detail: `${what}, which is no CA that ${to.who} trust; ${trust(to)}` };
  }
  const issuer = nameOf(top.issuer);
  const what = `${describe(top, steps[0])} was issued by ${issuer}, whose certificate it does not show`;
  const advice = `append that to ${to.certificate} if it is an intermediate; else ${trust(to)}`;
  return { kind: 'certificate-incomplete', detail: `${what} and which is no CA that ${to.who} trust: ${advice}` };
}

const renewal = ({ certificate }: Audience) => `put a good one into ${certificate}`;
const trust = ({ ca }: Audience) => `a CA of your own belongs into ${ca}`;

function describe(certificate: X509Certificate, leaf: X509Certificate | undefined): string {
  return certificate === leaf ? 'its certificate' : `the certificate of ${nameOf(certificate.subject)} above its own`;
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}

function nameOf(distinguishedName: string): string {
  return `"${bounded(distinguishedName.split('\n').join(', '))}"`;
}

/** Bounds a text of a certificate: whoever answers may have put anything there. */
function bounded(text: string): string {
  return visibleText(text.slice(0, 200));
}

/** The host names and IP addresses that the certificate is for. */
export function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName.split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

function listNames(leaf: X509Certificate): string {
  const names = namesOf(leaf);
  return names.length > 0 ? bounded(names.join(', ')) : nameOf(leaf.subject);
}
