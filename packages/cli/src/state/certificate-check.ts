// The certificate library finds its own parts by metadata that this import makes possible; it must come first.
import 'reflect-metadata';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { BasicConstraintsExtension, X509Certificate as ParsedCertificate } from '@peculiar/x509';

/** A certificate as it lies in a file, and its key where that is there. */
export interface KnownCertificate {
  certificate: X509Certificate;
  /** PEM. */
  cert: string;
  key: { object: KeyObject; pem: string } | undefined;
}

/** A certificate is made anew this long before its end, so that none ends while a process uses it. */
const renewBeforeMs = 30 * 86_400_000;

export function isLasting(certificate: X509Certificate, now: Date): boolean {
  return certificate.validToDate.getTime() - now.getTime() >= renewBeforeMs;
}

/** False where there is no key. */
export function ownsKey({ certificate, key }: KnownCertificate): boolean {
  return key !== undefined && certificate.checkPrivateKey(key.object);
}

export function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

/** A CA of pushfleet issued it, be that the present one or one before it. */
export function isOurs({ issuer }: X509Certificate): boolean {
  return issuer.split('\n').includes(`O=${organization}`);
}

/** In the names of all CAs and certificates that pushfleet makes. */
export const organization = 'pushfleet';

/** The host names and IP addresses that a certificate is for, or its URIs. */
export function namesOf(certificate: X509Certificate, kind: 'host' | 'URI' = 'host'): string[] {
  const alternatives = certificate.subjectAltName?.split(', ') ?? [];
  const pattern = kind === 'URI' ? /^URI:(.*)$/ : /^(?:DNS|IP Address):(.*)$/;
  return alternatives.flatMap((entry) => pattern.exec(entry)?.[1] ?? []);
}

/** False for CAs that may sign nothing but servers and clients, as those may that were made by former versions. */
export function maySignAuthorities(authority: X509Certificate): boolean {
  const { pathLength } = new ParsedCertificate(authority.toString()).getExtension(BasicConstraintsExtension) ?? {};
  return authority.ca && (pathLength === undefined || pathLength > 0);
}

export function isNamed(certificate: X509Certificate, name: string): boolean {
  // OpenSSL knows the spellings of an address; a wildcard is a name for itself only in plain comparison.
  const isFor = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name);
  return Boolean(isFor) || namesOf(certificate).includes(name);
}
