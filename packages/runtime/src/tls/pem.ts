import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { limits, PushfleetError } from '@pushfleet/protocol';
import { decodeText } from '../text/text-reader.ts';
import { visibleText } from '../text/visible-text.ts';

/** A file that must be PEM, and the setting that names it. */
export interface PemFile {
  setting: string;
  path: string;
  bytes: Uint8Array;
}

interface Block {
  label: string;
  text: string;
}

const certificateLabel = /^(X509 |TRUSTED )?CERTIFICATE$/;
const keyLabel = /^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/;

/**
 * The certificates in the file, in its order; at least one. Anything else in it is passed over, as OpenSSL does.
 * @throws PushfleetError INVALID_ARGUMENT that names the setting, the file, what was found and what is wanted
 */
export function parseCertificates(file: PemFile): X509Certificate[] {
  const blocks = readBlocks(file, 'CERTIFICATE');
  const found = blocks.filter(({ label }) => certificateLabel.test(label));
  if (found.length === 0) throw problem(file, describeMissing(file, blocks, 'certificate'));
  return found.map(({ text }, index) => {
    try {
      return new X509Certificate(text);
    } catch (cause) {
      throw problem(file, `has damage in certificate ${index + 1} of ${found.length}`, cause);
    }
  });
}

/**
 * The certificates of the CAs in the file, as `parseCertificates`. One that names itself as its issuer counts as a CA, as it does in TLS.
 * @throws PushfleetError INVALID_ARGUMENT, also where one of them is of something else, which TLS would take nothing by
 */
export function parseAuthorities(file: PemFile): X509Certificate[] {
  const authorities = parseCertificates(file);
  const other = authorities.find((one) => !one.ca && one.subject !== one.issuer);
  if (other) throw problem(file, `has a certificate that is not one of a CA: ${nameOf(other)}`);
  return authorities;
}

/** Whether the one names the other as its issuer, and has its signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A kind of key that OpenSSL does not know.
    return false;
  }
}

const toleranceMs = limits.clockToleranceS * 1_000;

/** How the dates of a certificate stand, which was made by the clock of another machine. */
export function datesOf({ validFromDate, validToDate }: X509Certificate, nowMs: number): 'early' | 'current' | 'late' {
  // Dates that cannot be read are not current.
  if (!(validFromDate.getTime() - toleranceMs <= nowMs)) return 'early';
  return nowMs <= validToDate.getTime() + toleranceMs ? 'current' : 'late';
}

export interface PrivateKey {
  key: KeyObject;
  pem: string;
}

/** The passphrase of an encrypted key. */
export interface Passphrase {
  /** The setting that names its file. */
  setting: string;
  /** Absent: there is none. */
  text?: string;
}

/**
 * The first private key in the file; an encrypted one is decrypted.
 * @throws PushfleetError INVALID_ARGUMENT, as parseCertificates
 */
export function parsePrivateKey(file: PemFile, passphrase?: Passphrase): PrivateKey {
  const blocks = readBlocks(file, 'PRIVATE KEY');
  const found = blocks.find(({ label }) => keyLabel.test(label));
  if (!found) throw problem(file, describeMissing(file, blocks, 'private key'));
  if (found.label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(found.text)) {
    return decrypt(file, found.text, passphrase);
  }
  try {
    return { key: createPrivateKey(found.text), pem: found.text };
  } catch (cause) {
    throw problem(file, 'has a damaged private key, or one of a kind that OpenSSL does not know', cause);
  }
}

function decrypt(file: PemFile, pem: string, { setting, text }: Passphrase = { setting: '' }): PrivateKey {
  if (text === undefined) {
    const remove = `openssl pkey -in ${file.path} -out plain.key`;
    const advice = setting === '' ? remove : `name a file with it in ${setting}, or: ${remove}`;
    throw problem(file, `has an encrypted private key, and nobody is there to enter its passphrase: ${advice}`);
  }
  try {
    const key = createPrivateKey({ key: pem, passphrase: text });
    return { key, pem: String(key.export({ type: 'pkcs8', format: 'pem' })) };
  } catch (cause) {
    throw problem(file, `has an encrypted private key that the passphrase in ${setting} does not open`, cause);
  }
}

export function problem({ setting, path }: PemFile, what: string, cause?: unknown): PushfleetError {
  return new PushfleetError('INVALID_ARGUMENT', `${setting}: ${path} ${what}`, { cause });
}

/** The PEM blocks of a file, found in one pass over its lines. */
function readBlocks(file: PemFile, wanted: string): Block[] {
  const blocks: Block[] = [];
  let open: { label: string; lines: string[] } | undefined;
  for (const line of textOf(file).split(/\r\n|\n|\r/)) {
    const [, edge, label = ''] = /^-----(BEGIN|END) ([A-Z0-9 ]{1,64})-----\s*$/.exec(line) ?? [];
    if (edge === 'BEGIN') open = { label, lines: [] };
    open?.lines.push(line.trimEnd());
    if (edge !== 'END' || open?.label !== label) continue;
    blocks.push({ label, text: `${open.lines.join('\n')}\n` });
    open = undefined;
  }
  if (open && blocks.length === 0) throw problem(file, `is cut off: its -----BEGIN ${open.label}----- has no end`);
  if (open?.label.endsWith(wanted))
    throw problem(file, `is cut off: the last -----BEGIN ${open.label}----- has no end`);
  return blocks;
}

function textOf(file: PemFile): string {
  const { bytes } = file;
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return decodeText(bytes, `${file.setting}: ${file.path}`);
  // Around the blocks there may be names in any encoding; the blocks are ASCII.
  const text = Buffer.from(bytes).toString('latin1');
  return text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text;
}

type Wanted = 'certificate' | 'private key';

function describeMissing(file: PemFile, blocks: readonly Block[], wanted: Wanted): string {
  const { bytes, path } = file;
  if (bytes.length === 0) return `is empty; it must hold a ${wanted} in PEM`;
  if (blocks.length > 0) return `holds ${listOf(blocks)}, and no ${wanted}; ${describeWanted(wanted)}`;
  const conversion = conversionOf(bytes, path, wanted);
  return conversion ?? `holds no ${wanted}; ${describeWanted(wanted)}`;
}

function listOf(blocks: readonly Block[]): string {
  return [...new Set(blocks.map(({ label }) => label))].join(', ');
}

function describeWanted(wanted: Wanted): string {
  const isKey = wanted === 'private key';
  const line = isKey ? '-----BEGIN PRIVATE KEY-----' : '-----BEGIN CERTIFICATE-----';
  return `PEM begins with a line ${line}`;
}

/** The command that makes PEM of the file. `undefined`: it has none of the usual forms. */
function conversionOf(bytes: Uint8Array, path: string, wanted: Wanted): string | undefined {
  if (isDerCertificate(bytes)) return `is a certificate in DER; PEM is wanted: openssl x509 -inform der -in ${path}`;
  if (isDerKey(bytes)) return `is a private key in DER; PEM is wanted: openssl pkey -inform der -in ${path}`;
  // A DER sequence whose first member is the number 3.
  const isPkcs12 = bytes[0] === 0x30 && Buffer.from(bytes.subarray(1, 8)).includes(Buffer.from([0x02, 0x01, 0x03]));
  if (!isPkcs12) return undefined;
  const options = wanted === 'certificate' ? '-nokeys' : '-nocerts -noenc';
  return `is PKCS #12 (.pfx, .p12); PEM is wanted: openssl pkcs12 -in ${path} ${options}`;
}

function isDerCertificate(bytes: Uint8Array): boolean {
  try {
    return Boolean(new X509Certificate(bytes));
  } catch {
    return false;
  }
}

function isDerKey(bytes: Uint8Array): boolean {
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      return Boolean(createPrivateKey({ key: Buffer.from(bytes), format: 'der', type }));
    } catch {
      return false;
    }
  });
}

/** The name of a certificate, for people: `CN=push.example.org`. */
export function nameOf(certificate: X509Certificate): string {
  const subject = certificate.subject.split('\n').at(-1) ?? '';
  return visibleText(subject || `serial number ${certificate.serialNumber}`).slice(0, 128);
}
