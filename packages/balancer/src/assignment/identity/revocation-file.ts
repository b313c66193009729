import { type KeyObject, verify, type X509Certificate } from 'node:crypto';
import { type DerElement, derTags, readElements } from './der.ts';

/** The certificates that a CA has revoked. */
export interface CertificateRevocations {
  /** The subject of the CA, in DER. */
  issuer: Buffer;
  /** Serial numbers in hexadecimal, without leading zeros. */
  serials: ReadonlySet<string>;
  /** Absent: it does not say when the next list comes. */
  nextUpdateMs?: number;
  isSignedBy(key: KeyObject): boolean;
}

/** Hashes by the object identifiers of signature algorithms (RFC 4055, 5758, 8410), in DER. `null`: the key says it. */
const hashes: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};
const extensionsTag = 0xa0;

/** Reads a certificate revocation list (RFC 5280, 5), in DER. @throws Error that says in words what is wrong */
export function readRevocationList(bytes: Buffer): CertificateRevocations {
  try {
    const [list] = readElements(bytes);
    const [signed, algorithm, signature] = readElements(expect(list, derTags.sequence));
    const rest = readElements(expect(signed, derTags.sequence));
    if (rest[0]?.tag === derTags.integer) rest.shift();
    const [, issuer, , next, ...others] = rest;
    const hasNext = next !== undefined && (next.tag === derTags.utcTime || next.tag === derTags.generalizedTime);
    const [revoked, extensions] = splitTail(hasNext ? others : [...(next ? [next] : []), ...others]);
    refuseCritical(extensions);
    return {
      issuer: issuer?.bytes ?? Buffer.alloc(0),
      serials: new Set(readElements(revoked?.content ?? Buffer.alloc(0)).map(serialOf)),
      ...(hasNext ? { nextUpdateMs: timeOf(next) } : {}),
      isSignedBy: signedBy(signed as DerElement, algorithm, signature),
    };
  } catch (cause) {
    if (cause instanceof RangeError) throw new Error('is no certificate revocation list', { cause });
    throw cause;
  }
}

/** Whether a certificate, in DER, is signed by the key, with one of the algorithms that lists may have. */
export function isSignedBy(certificate: Buffer, key: KeyObject): boolean {
  try {
    const [signed, algorithm, signature] = readElements(expect(readElements(certificate)[0], derTags.sequence));
    return signedBy(signed as DerElement, algorithm, signature)(key);
  } catch {
    return false;
  }
}

/** The subject of a certificate, in DER. */
export function subjectOf(certificate: X509Certificate): Buffer {
  const [signed] = readElements(expect(readElements(certificate.raw)[0], derTags.sequence));
  const fields = readElements(expect(signed, derTags.sequence));
  if (fields[0]?.tag === extensionsTag) fields.shift();
  // Behind serial number, algorithm, issuer and validity.
  return fields[4]?.bytes ?? Buffer.alloc(0);
}

/** A serial number as it is compared: in hexadecimal, without leading zeros. */
export function spellSerial(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

function expect(element: DerElement | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new RangeError('not what it should be');
  return element.content;
}

function splitTail(elements: readonly DerElement[]): [DerElement | undefined, DerElement | undefined] {
  const revoked = elements.find(({ tag }) => tag === derTags.sequence);
  return [revoked, elements.find(({ tag }) => tag === extensionsTag)];
}

/** A critical extension says that the list is of other certificates than it seems: indirect ones, only some reasons, a part. */
function refuseCritical(extensions: DerElement | undefined): void {
  if (!extensions) return;
  const [all] = readElements(extensions.content);
  for (const extension of readElements(expect(all, derTags.sequence))) {
    const [, critical] = readElements(expect(extension, derTags.sequence));
    if (critical?.tag === 0x01 && critical.content[0] !== 0) {
      throw new Error(
        'has a critical extension: lists that are indirect, or not of all certificates of a CA, are not supported',
      );
    }
  }
}

function serialOf(entry: DerElement): string {
  const [serial] = readElements(expect(entry, derTags.sequence));
  return spellSerial(expect(serial, derTags.integer).toString('hex'));
}

function timeOf({ tag, content }: DerElement): number {
  const text = content.toString('latin1');
  const digits = tag === derTags.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  if (year === undefined) throw new RangeError('a time that is none');
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function signedBy(signed: DerElement, algorithm: DerElement | undefined, signature: DerElement | undefined) {
  const [oid] = readElements(expect(algorithm, derTags.sequence));
  const name = expect(oid, derTags.oid).toString('hex');
  if (!Object.hasOwn(hashes, name)) throw new Error('is signed by an algorithm that is not supported');
  // The first byte of a bit string counts the bits that are left over: none.
  const value = expect(signature, derTags.bitString).subarray(1);
  return (key: KeyObject): boolean => {
    try {
      return verify(hashes[name], signed.bytes, key, value);
    } catch {
      return false;
    }
  };
}
