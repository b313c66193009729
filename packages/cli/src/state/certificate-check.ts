import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertifiedKey } from './certificates.ts';

/** A certificate is made anew this long before its end, so that none ends while a process uses it. */
const renewBeforeMs = 30 * 86_400_000;

/** Whether the certificate belongs to its key and has long enough to live. */
export function isFresh({ cert, key }: CertifiedKey, now: Date): boolean {
  const parsed = parseCertificate(cert);
  if (!parsed || parsed.validToDate.getTime() - now.getTime() < renewBeforeMs) return false;
  try {
    return parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

export function isIssuedBy(cert: string, authority: string): boolean {
  const [parsed, issuer] = [parseCertificate(cert), parseCertificate(authority)];
  return parsed !== undefined && issuer !== undefined && parsed.checkIssued(issuer) && parsed.verify(issuer.publicKey);
}

/** The host names and IP addresses that a certificate is for. */
export function namesOf(cert: string): string[] {
  const alternatives = parseCertificate(cert)?.subjectAltName?.split(', ') ?? [];
  return alternatives.map((entry) => entry.replace(/^(DNS|IP Address):/, ''));
}

export function isNamed(cert: string, name: string): boolean {
  // OpenSSL knows the spellings of an address; a wildcard is a name for itself only in plain comparison.
  const parsed = parseCertificate(cert);
  return Boolean(isIP(name) ? parsed?.checkIP(name) : parsed?.checkHost(name)) || namesOf(cert).includes(name);
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
