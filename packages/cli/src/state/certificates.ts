// The certificate library finds its own parts by metadata that this import makes possible; it must come first.
import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { systemClock } from '@pushfleet/runtime';
import { organization } from './certificate-check.ts';

/** A certificate and its private key, as PEM texts. */
export interface CertifiedKey {
  cert: string;
  key: string;
}

type CertificateUse = 'server' | 'client';

export interface LeafRequest {
  commonName: string;
  /** Host names and IP addresses. */
  names: readonly string[];
  /** Names its holder as a member of the cluster. */
  uri?: string;
  /** A certificate without the URI is replaced, and not only given it when it is made anew. */
  isUriNeeded?: boolean;
  uses: readonly CertificateUse[];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const authorityDays = 3_650;
/** The longest that Apple's systems accept of a server. */
const leafDays = 825;
const extendedUse = {
  server: ExtendedKeyUsage.serverAuth,
  client: ExtendedKeyUsage.clientAuth,
} as const satisfies Record<CertificateUse, string>;

/** A new self-signed CA. It may sign CAs that sign nothing but leaves. */
export async function createAuthority(commonName: string): Promise<CertifiedKey> {
  const keys = await createKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    ...validFor(authorityDays),
    name: [{ O: [organization] }, { CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [...authorityExtensions(1), await SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  return { cert: pemOf(cert), key: await exportKey(keys.privateKey) };
}

/** A new CA below another one. It may sign leaves, and no other CA. */
export async function createIntermediate(authority: CertifiedKey, commonName: string): Promise<CertifiedKey> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await createKeys();
  const cert = await X509CertificateGenerator.create({
    ...validFor(authorityDays),
    subject: [{ O: [organization] }, { CN: [commonName] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      ...authorityExtensions(0),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { cert: pemOf(cert), key: await exportKey(keys.privateKey) };
}

function authorityExtensions(pathLength: number): Extension[] {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

/** A new key with a certificate that `authority` signs. */
export async function issueCertificate(authority: CertifiedKey, request: LeafRequest): Promise<CertifiedKey> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await createKeys();
  const cert = await X509CertificateGenerator.create({
    ...validFor(leafDays),
    subject: [{ O: [organization] }, { CN: [request.commonName] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: await leafExtensions(request, issuer, keys),
  });
  return { cert: pemOf(cert), key: await exportKey(keys.privateKey) };
}

async function leafExtensions(request: LeafRequest, issuer: X509Certificate, keys: webcrypto.CryptoKeyPair) {
  const names = request.names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
  const uris = request.uri === undefined ? [] : [{ type: 'url' as const, value: request.uri }];
  const uses = request.uses.map((use) => extendedUse[use]);
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(uses),
    new SubjectAlternativeNameExtension([...names, ...uris]),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer),
  ] satisfies Extension[];
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validFor(days: number): { serialNumber: string; notBefore: Date; notAfter: Date } {
  // An hour into the past, because clocks of devices are late now and then.
  const notBefore = new Date(systemClock.wallMs() - 3_600_000);
  // A first bit of 0 keeps the number positive; a second one of 1 keeps it from being shorter than it looks.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return {
    serialNumber: serial.toString('hex'),
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * dayMs),
  };
}

async function exportKey(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

async function importKey(pem: string): Promise<CryptoKey> {
  const [der] = PemConverter.decode(pem);
  return crypto.subtle.importKey('pkcs8', der as ArrayBuffer, algorithm, false, ['sign']);
}

function pemOf(cert: X509Certificate): string {
  return `${cert.toString('pem')}\n`;
}
