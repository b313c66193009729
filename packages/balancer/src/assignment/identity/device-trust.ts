import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PushfleetError } from '@pushfleet/protocol';
import { parseCertificates, readCredentialFile } from '@pushfleet/runtime';
import { type CertificateRevocations, readRevocationList, subjectOf } from './revocation-file.ts';

/** The place where a certificate names its device: `cn`, `dns`, or `uri:` with what stands before the id. */
export type DeviceNameRule = { kind: 'cn' } | { kind: 'dns' } | { kind: 'uri'; prefix: string };

/** The CAs whose certificates say who a device is, and what they have revoked. */
export interface DeviceTrust {
  authorities: readonly X509Certificate[];
  /** Serial numbers by the CA's subject, in hexadecimal. */
  revoked: ReadonlyMap<string, ReadonlySet<string>>;
  /** When the first of the CAs is to have issued another list, in Unix time. Absent: no list says so. */
  nextListMs?: number;
  rule: DeviceNameRule;
}

export interface DeviceTrustFiles {
  caFile: string;
  /** Absent: nothing is revoked. */
  crlFile?: string | undefined;
  rule: DeviceNameRule;
}

const settings = { ca: 'PUSHFLEET_DEVICE_CLIENT_CA_FILE', crl: 'PUSHFLEET_DEVICE_CLIENT_CRL_FILE' } as const;

/** @throws PushfleetError INVALID_ARGUMENT that names the setting and the file, and says what is wrong */
export function readDeviceTrust({ caFile, crlFile, rule }: DeviceTrustFiles): DeviceTrust {
  const { bytes } = readCredentialFile(settings.ca, caFile, 'the certificates of the CAs that issue those of devices');
  const authorities = parseCertificates({ setting: settings.ca, path: caFile, bytes });
  const other = authorities.find(({ ca }) => !ca);
  if (other) throw wrong(settings.ca, caFile, `has a certificate that is not one of a CA: ${oneLine(other.subject)}`);
  const none = { revoked: new Map<string, ReadonlySet<string>>() };
  return { authorities, ...(crlFile === undefined ? none : readRevoked(crlFile, authorities)), rule };
}

function readRevoked(
  crlFile: string,
  authorities: readonly X509Certificate[],
): Pick<DeviceTrust, 'revoked' | 'nextListMs'> {
  const revoked = new Map<string, ReadonlySet<string>>();
  const nextListsMs = new Map<string, number>();
  for (const list of readLists(crlFile)) {
    const issuer = authorities.find((one) => subjectOf(one).equals(list.issuer));
    if (!issuer) throw wrong(settings.crl, crlFile, `has a list of a CA that ${settings.ca} does not have`);
    if (!list.isSignedBy(issuer.publicKey))
      throw wrong(settings.crl, crlFile, `has a list that its CA has not signed: ${oneLine(issuer.subject)}`);
    const key = list.issuer.toString('hex');
    revoked.set(key, new Set([...(revoked.get(key) ?? []), ...list.serials]));
    // Of several lists of a CA the newest one counts.
    const { nextUpdateMs } = list;
    if (nextUpdateMs !== undefined) nextListsMs.set(key, Math.max(nextListsMs.get(key) ?? 0, nextUpdateMs));
  }
  return { revoked, ...(nextListsMs.size > 0 ? { nextListMs: Math.min(...nextListsMs.values()) } : {}) };
}

/** One list in DER, or any number in PEM. */
function readLists(file: string): CertificateRevocations[] {
  const bytes = readCrl(file);
  const text = bytes.toString('latin1');
  const blocks = [...text.matchAll(/-----BEGIN (?:X509 )?CRL-----([A-Za-z0-9+/=\s]*)-----END (?:X509 )?CRL-----/g)];
  const lists = blocks.length > 0 ? blocks.map(([, body = '']) => Buffer.from(body, 'base64')) : [bytes];
  return lists.map((list) => {
    try {
      return readRevocationList(list);
    } catch (error) {
      throw wrong(settings.crl, file, (error as Error).message, error);
    }
  });
}

function readCrl(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw wrong(settings.crl, file, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

/** @param text As the setting has it. */
export function toDeviceNameRule(text: string): DeviceNameRule {
  if (text === 'cn' || text === 'dns') return { kind: text };
  return { kind: 'uri', prefix: text.slice('uri:'.length) };
}

export function isSameTrust(one: DeviceTrust, other: DeviceTrust): boolean {
  const contentOf = ({ authorities, revoked, rule }: DeviceTrust) =>
    JSON.stringify([
      authorities.map(({ fingerprint256 }) => fingerprint256),
      [...revoked].map(([issuer, serials]) => [issuer, [...serials]]),
      rule,
    ]);
  return contentOf(one) === contentOf(other);
}

function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}

function wrong(setting: string, file: string, why: string, cause?: unknown): PushfleetError {
  return new PushfleetError('INVALID_ARGUMENT', `${setting}: ${file} ${why}`, { cause });
}
