import type { X509Certificate } from 'node:crypto';
import { type CertificateFaultKind, findCertificateFault, serverUri, utcMinute } from '@pushfleet/runtime';
import { isOurs, namesOf } from '../state/certificate-check.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface ShownCertificate {
  check: string;
  /** The chain that is shown, its own certificate first; or why the files cannot be used, in the words of the process that would read them. */
  chain: readonly X509Certificate[] | { failure: string };
  wallMs: number;
  /** The push server that shows it, by its distribution point. Absent: a balancer shows it. */
  distributionPoint?: string;
  /** The name or address by which devices reach it. Absent: not known, and not judged. */
  address?: string;
  /** The CAs that devices trust. Absent: not known, and not judged. */
  authorities?: readonly X509Certificate[];
}

const dayMs = 86_400_000;
/** The time before its end at which `pushfleet init` renews a certificate. */
const soonDays = 30;

/** Judges dates, names, role, use and chain of a certificate, and that its key fits. */
export function checkCertificate(shown: ShownCertificate): Finding {
  const { check, chain, wallMs, address, authorities, distributionPoint } = shown;
  if ('failure' in chain) {
    const made = distributionPoint === undefined ? 'what is missing, and keeps what is good' : 'all of it anew';
    const change = `${commandFor(distributionPoint)} makes ${made}; files of your own are corrected as the text says`;
    return problem(check, chain.failure, change);
  }
  const [leaf] = chain as [X509Certificate];
  const names = namesOf(leaf);
  const [name = address] = names;
  const renewal = renewalOf(leaf, distributionPoint);
  if (name === undefined) return problem(check, 'it names no host (subjectAltName)', renewal);
  const stranger = findOtherServer(leaf, distributionPoint);
  if (stranger !== undefined) return problem(check, `it is the certificate of ${stranger}`, renewal);
  const fault = findCertificateFault(chain, { address: address ?? name, wallMs, authorities });
  if (fault) return problem(check, fault.detail, changeFor(fault.kind, leaf, shown));
  const days = Math.floor((Math.min(...chain.map((each) => each.validToDate.getTime())) - wallMs) / dayMs);
  if (days < soonDays) return warning(check, `it ends in ${days} days`, renewal);
  return ok(check, `good for ${days} days, for ${names.join(', ')}; its key fits`);
}

/** Another process than the one that shows it, by the URI of its certificate for devices. `undefined`: it is its own, or says nothing of that. */
function findOtherServer(leaf: X509Certificate, distributionPoint: string | undefined): string | undefined {
  const uris = namesOf(leaf, 'URI').filter((uri) => uri.startsWith('pushfleet://devices/'));
  const own =
    distributionPoint === undefined
      ? serverUri({ role: 'balancer', name: '' })
      : serverUri({ role: 'push-server', name: distributionPoint });
  const isOwn = (uri: string) => (distributionPoint === undefined ? uri.startsWith(own) : uri === own);
  return uris.length === 0 || uris.some(isOwn) ? undefined : uris[0];
}

export interface TrustedAuthority {
  check: string;
  certificates: readonly X509Certificate[] | { failure: string };
  wallMs: number;
}

/** Whoever trusts a CA has to be given the next one before it ends. */
const authoritySoonDays = 180;

/** Judges the dates of the CAs that are trusted. */
export function checkAuthority({ check, certificates, wallMs }: TrustedAuthority): Finding {
  if ('failure' in certificates) {
    return problem(check, certificates.failure, 'copy ca.crt of the cluster here, and name it in PUSHFLEET_CA_FILE');
  }
  const ends = Math.min(...certificates.map((each) => each.validToDate.getTime()));
  const days = Math.floor((ends - wallMs) / dayMs);
  const change = 'pushfleet init makes a new one within 30 days of its end; give it to devices and administrators';
  if (days < 0) return problem(check, `it ended ${-days} days ago: nobody trusts what it issued`, change);
  if (days < authoritySoonDays) return warning(check, `it ends in ${days} days`, change);
  return ok(check, `good for ${days} days`);
}

export interface TrustOfDevices {
  /** When the next list of revoked certificates is due; or why the files cannot be used. */
  trust: { nextListMs?: number } | { failure: string };
  wallMs: number;
}

/** Judges the CAs of devices' client certificates, and whether what they have revoked is up to date. */
export function checkDeviceTrust({ trust, wallMs }: TrustOfDevices): Finding {
  const check = 'client certificates of devices';
  const change = "put the CA's new list into PUSHFLEET_DEVICE_CLIENT_CRL_FILE; running balancers take it";
  if ('failure' in trust) return problem(check, trust.failure, 'correct the file as the text says');
  const { nextListMs } = trust;
  if (nextListMs === undefined) return ok(check, 'the files are good; no list says when the next one is due');
  const due = utcMinute(nextListMs);
  if (nextListMs <= wallMs) return warning(check, `the next list of revoked ones was due on ${due}`, change);
  return ok(check, `the files are good; the next list of revoked ones is due on ${due}`);
}

function changeFor(
  kind: CertificateFaultKind,
  leaf: X509Certificate,
  { address, distributionPoint }: ShownCertificate,
): string {
  switch (kind) {
    case 'certificate-name-mismatch':
      return renewalOf(leaf, distributionPoint, ` --host ${address}`);
    case 'certificate-incomplete':
      return 'append the certificate of its issuer to the file in PUSHFLEET_TLS_CERT_FILE';
    case 'certificate-untrusted':
      return 'name the CA that issued it in PUSHFLEET_CA_FILE, or use a certificate that devices trust';
    case 'certificate-expired':
    case 'certificate-not-yet-valid':
      return `${renewalOf(leaf, distributionPoint)}; or set the clock: timedatectl set-ntp true`;
    default:
      return kind satisfies never;
  }
}

function renewalOf(leaf: X509Certificate, distributionPoint: string | undefined, options = ''): string {
  return isOurs(leaf)
    ? `${commandFor(distributionPoint, options)}; running processes take what it makes`
    : 'put a good certificate into PUSHFLEET_TLS_CERT_FILE; running processes take it';
}

/** A push server's certificates are made elsewhere: its own machine has no key of a CA. */
function commandFor(distributionPoint: string | undefined, options = ''): string {
  if (distributionPoint === undefined) return `pushfleet init${options}`;
  return `pushfleet enroll ${distributionPoint}${options} (where the keys of the CAs are; copy its bundle here)`;
}
