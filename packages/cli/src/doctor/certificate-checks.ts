import type { X509Certificate } from 'node:crypto';
import { type CertificateFaultKind, findCertificateFault } from '@pushfleet/runtime';
import { isOurs, namesOf } from '../state/certificate-check.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface ShownCertificate {
  check: string;
  /** The chain that is shown, its own certificate first; or why the files cannot be used, in the words of the process that would read them. */
  chain: readonly X509Certificate[] | { failure: string };
  wallMs: number;
  /** The name or address by which devices reach it. Absent: not known, and not judged. */
  address?: string;
  /** The CAs that devices trust. Absent: not known, and not judged. */
  authorities?: readonly X509Certificate[];
}

const dayMs = 86_400_000;
/** The time before its end at which `pushfleet init` renews a certificate. */
const soonDays = 30;

/** Judges dates, names, use and chain of a certificate, and that its key fits. */
export function checkCertificate({ check, chain, wallMs, address, authorities }: ShownCertificate): Finding {
  if ('failure' in chain) {
    const change =
      'pushfleet init makes what is missing, and keeps what is good; files of your own are corrected as the text says';
    return problem(check, chain.failure, change);
  }
  const [leaf] = chain as [X509Certificate];
  const names = namesOf(leaf);
  const [name = address] = names;
  if (name === undefined) return problem(check, 'it names no host (subjectAltName)', renewalOf(leaf));
  const fault = findCertificateFault(chain, { address: address ?? name, wallMs, authorities });
  if (fault) return problem(check, fault.detail, changeFor(fault.kind, leaf, address));
  const days = Math.floor((Math.min(...chain.map((each) => each.validToDate.getTime())) - wallMs) / dayMs);
  if (days < soonDays) return warning(check, `it ends in ${days} days`, renewalOf(leaf));
  return ok(check, `good for ${days} days, for ${names.join(', ')}; its key fits`);
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

function changeFor(kind: CertificateFaultKind, leaf: X509Certificate, address: string | undefined): string {
  switch (kind) {
    case 'certificate-name-mismatch':
      return isOurs(leaf) ? `pushfleet init --host ${address}; running processes take it` : renewalOf(leaf);
    case 'certificate-incomplete':
      return 'append the certificate of its issuer to the file in PUSHFLEET_TLS_CERT_FILE';
    case 'certificate-untrusted':
      return 'name the CA that issued it in PUSHFLEET_CA_FILE, or use a certificate that devices trust';
    case 'certificate-expired':
    case 'certificate-not-yet-valid':
      return `${renewalOf(leaf)}; or set the clock: timedatectl set-ntp true`;
    default:
      return kind satisfies never;
  }
}

function renewalOf(leaf: X509Certificate): string {
  return isOurs(leaf)
    ? 'pushfleet init; running processes take what it makes'
    : 'put a good certificate into PUSHFLEET_TLS_CERT_FILE; running processes take it';
}
