import 'reflect-metadata';
import { createPrivateKey, KeyObject, randomBytes, type webcrypto, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { PushfleetError } from '@pushfleet/protocol';
import {
  loadClusterCredentials,
  loadServerCredentials,
  type ProcessSettings,
  parseCertificates,
  processSettings,
  readSettings,
} from '@pushfleet/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertifiedKey, createAuthority, issueCertificate } from './certificates.ts';

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-pem-'));
let ca: CertifiedKey;
let otherCa: CertifiedKey;
let leaf: CertifiedKey;
let other: CertifiedKey;

beforeAll(async () => {
  [ca, otherCa] = [await createAuthority('a CA'), await createAuthority('another CA')];
  const names = ['push.example.org'];
  const uses = ['server', 'client'] as const;
  leaf = await issueCertificate(ca, { commonName: 'push.example.org', names, uses });
  other = await issueCertificate(otherCa, { commonName: 'other.example.org', names, uses });
});
afterAll(() => rmSync(dir, { recursive: true }));

const settings: ProcessSettings = {
  ...readSettings(processSettings, {}),
  stateDir: dir,
  tlsCertFile: join(dir, 'push.pem'),
  clusterKeyFile: join(dir, 'member.key'),
};

type Content = string | Uint8Array;

function loadServer(cert: Content, key: Content) {
  writeFileSync(join(dir, 'push.pem'), cert);
  writeFileSync(join(dir, 'server.key'), key);
  return loadServerCredentials(settings);
}

function loadCluster(authority: Content, cert: Content, key: Content) {
  writeFileSync(join(dir, 'cluster-ca.crt'), authority);
  writeFileSync(join(dir, 'cluster.crt'), cert);
  writeFileSync(join(dir, 'member.key'), key);
  return loadClusterCredentials(settings);
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const encrypted = (key: string, type: 'pkcs8' | 'sec1') =>
  createPrivateKey(key).export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase: 'secret' });
const der = (pem: string) => new X509Certificate(pem).raw;
const derKey = (key: string) => createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
const pkcs12 = Buffer.from([0x30, 0x82, 0x0a, 0x10, 0x02, 0x01, 0x03, 0x30, 0x82]);
const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

/** Three certificates, each of which signs the next. */
async function makeChain(): Promise<[root: CertifiedKey, middle: CertifiedKey, end: CertifiedKey]> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const made: { keys: webcrypto.CryptoKeyPair; pair: CertifiedKey }[] = [];
  for (const name of ['root', 'middle', 'end']) {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const issuer = made.at(-1);
    const cert = await X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: issuer ? new X509Certificate(issuer.pair.cert).subject : `CN=${name}`,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(name !== 'end', undefined, true)],
    });
    const key = String(KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }));
    made.push({ keys, pair: { cert: `${cert.toString('pem')}\n`, key } });
  }
  return made.map(({ pair }) => pair) as [CertifiedKey, CertifiedKey, CertifiedKey];
}

describe('certificates and keys', () => {
  it.each<[what: string, cert: () => Content, key: () => Content]>([
    ['as pushfleet makes them', () => leaf.cert, () => leaf.key],
    ['with those that issued it', () => leaf.cert + ca.cert, () => leaf.key],
    [
      'with a byte order mark and line ends of Windows',
      () => `\ufeff${leaf.cert.replaceAll('\n', '\r\n')}`,
      () => `\ufeff${leaf.key}`,
    ],
    ['in UTF-16', () => utf16(leaf.cert), () => utf16(leaf.key)],
    ['both in each file', () => leaf.key + leaf.cert, () => leaf.cert + leaf.key],
    ['with names around them', () => `Bag Attributes: Gr\xf6\xdfe\n${leaf.cert}`, () => `${parameters}${leaf.key}`],
  ])('are read %s', (_what, cert, key) => {
    const pair = loadServer(Buffer.from(cert() as Buffer), key());
    expect(new X509Certificate(pair.cert).subject).toContain('CN=push.example.org');
    expect(() => createSecureContext(pair)).not.toThrow();
  });

  const certProblem = (what: string) => `PUSHFLEET_TLS_CERT_FILE: ${join(dir, 'push.pem')} ${what}`;
  const keyProblem = (what: string) => `PUSHFLEET_TLS_KEY_FILE: ${join(dir, 'server.key')} ${what}`;
  it.each<[what: string, cert: () => Content, key: () => Content, problem: string]>([
    [
      'the leaf last',
      () => ca.cert + leaf.cert,
      () => leaf.key,
      certProblem(
        'has the certificate of CN=push.example.org as number 2; the certificate of the private key must come',
      ),
    ],
    [
      'DER',
      () => der(leaf.cert),
      () => leaf.key,
      certProblem('is a certificate in DER; PEM is wanted: openssl x509 -inform'),
    ],
    [
      'PKCS #12',
      () => pkcs12,
      () => leaf.key,
      certProblem('is PKCS #12 (.pfx, .p12); PEM is wanted: openssl pkcs12 -in'),
    ],
    ['nothing', () => '', () => leaf.key, certProblem('is empty; it must hold a certificate in PEM')],
    [
      'some text',
      () => 'hello',
      () => leaf.key,
      certProblem('holds no certificate; PEM begins with a line -----BEGIN CERT'),
    ],
    ['a key', () => leaf.key, () => leaf.key, certProblem('holds PRIVATE KEY, and no certificate; PEM begins with')],
    [
      'half of it',
      () => leaf.cert.slice(0, 300),
      () => leaf.key,
      certProblem('is cut off: its -----BEGIN CERTIFICATE----- has'),
    ],
    [
      'half a chain',
      () => leaf.cert + ca.cert.slice(0, 300),
      () => leaf.key,
      certProblem('is cut off: the last -----BEGIN'),
    ],
    ['damage', () => leaf.cert.replace(/M/g, 'N'), () => leaf.key, certProblem('has damage in certificate 1 of 1')],
    [
      'an encrypted key',
      () => leaf.cert,
      () => encrypted(leaf.key, 'pkcs8'),
      keyProblem('has an encrypted private key'),
    ],
    [
      'one of old',
      () => leaf.cert,
      () => encrypted(leaf.key, 'sec1'),
      keyProblem('has an encrypted private key, and nobody'),
    ],
    [
      'a key in DER',
      () => leaf.cert,
      () => derKey(leaf.key),
      keyProblem('is a private key in DER; PEM is wanted: openssl pkey'),
    ],
    [
      'no key',
      () => leaf.cert,
      () => leaf.cert,
      keyProblem('holds CERTIFICATE, and no private key; PEM begins with a line'),
    ],
    [
      'a key of OpenSSH',
      () => leaf.cert,
      () => leaf.key.replaceAll('PRIVATE', 'OPENSSH PRIVATE'),
      keyProblem('holds OPENSSH PRIVATE KEY'),
    ],
    ['a damaged key', () => leaf.cert, () => leaf.key.replace(/M/g, 'N'), keyProblem('has a damaged private key')],
    [
      'a key of another certificate',
      () => leaf.cert,
      () => other.key,
      keyProblem(
        `has a private key that does not belong to the certificate of CN=push.example.org in ${join(dir, 'push.pem')} (PUSHFLEET_TLS_CERT_FILE)`,
      ),
    ],
    ['a file without end', () => randomBytes(1_048_577), () => leaf.key, 'push.pem is larger than 1048576 bytes'],
  ])('with %s are refused in words that name the variable and the file', (_what, cert, key, problem) => {
    expect(() => loadServer(cert(), key())).toThrow(problem);
  });

  it('of a chain stand in its order', async () => {
    const [root, middle, end] = await makeChain();
    expect(() => loadServer(end.cert + middle.cert + root.cert, end.key)).not.toThrow();
    expect(() => loadServer(end.cert + middle.cert, end.key)).not.toThrow();
    // Nobody knows better: what is missing may be known to those that connect.
    expect(() => loadServer(end.cert + root.cert, end.key)).not.toThrow();
    expect(() => loadServer(end.cert + root.cert + middle.cert, end.key)).toThrow(
      certProblem(
        'has number 1 not followed by its issuer, CN=middle (number 3); the certificate of the private key must',
      ),
    );
  });

  it.each<[string, string, object]>([
    ['RSA', 'RSASSA-PKCS1-v1_5', { modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) }],
    ['of an elliptic curve', 'ECDSA', { namedCurve: 'P-384' }],
    ['Ed25519', 'Ed25519', {}],
  ])('may be %s, encrypted with a passphrase in a file or not', async (_, name, parameters) => {
    const algorithm = { name, hash: 'SHA-256', ...parameters };
    const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const made = await X509CertificateGenerator.createSelfSigned({ name: 'CN=own', keys, signingAlgorithm: algorithm });
    const [cert, key] = [made.toString('pem'), KeyObject.from(keys.privateKey)];
    const passphraseFile = join(dir, 'passphrase');
    const locked = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const;
    expect(() => loadServer(cert, key.export({ format: 'pem', type: 'pkcs8' }))).not.toThrow();
    writeFileSync(join(dir, 'push.pem'), cert);
    writeFileSync(join(dir, 'server.key'), key.export(locked));
    const load = (text: string) => {
      writeFileSync(passphraseFile, text);
      return loadServerCredentials({ ...settings, tlsKeyPassphraseFile: passphraseFile });
    };
    for (const text of ['open sesame', 'open sesame\n', '\ufeffopen sesame\r\nmore'])
      expect(createPrivateKey(load(text).key).asymmetricKeyType).toBe(key.asymmetricKeyType);
    expect(() => load('wrong')).toThrow(
      keyProblem('has an encrypted private key that the passphrase in PUSHFLEET_TLS_KEY_PASSPHRASE_FILE does not open'),
    );
    expect(() => load('')).toThrow(keyProblem('has an encrypted private key'));
  });

  it('that are too weak for TLS are refused with both files named', async () => {
    const weak = {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 512,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const keys = await crypto.subtle.generateKey(weak, true, ['sign', 'verify']);
    const cert = await X509CertificateGenerator.createSelfSigned({ name: 'CN=weak', keys, signingAlgorithm: weak });
    const key = KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' });
    const both =
      /^PUSHFLEET_TLS_CERT_FILE: .*push\.pem is not fit for TLS, .*server\.key \(PUSHFLEET_TLS_KEY_FILE\).*too small/;
    expect(() => loadServer(cert.toString('pem'), key)).toThrow(both);
  });

  it('of a cluster must come from its CA', () => {
    expect(loadCluster(ca.cert, leaf.cert, leaf.key).ca.toString()).toContain('BEGIN CERTIFICATE');
    expect(() => loadCluster(otherCa.cert, leaf.cert, leaf.key)).toThrow(
      `PUSHFLEET_CLUSTER_CERT_FILE: ${join(dir, 'cluster.crt')} has a certificate that was not issued by the CA in ${join(dir, 'cluster-ca.crt')} (PUSHFLEET_CLUSTER_CA_FILE)`,
    );
    expect(() => loadCluster(ca.key, leaf.cert, leaf.key)).toThrow('PUSHFLEET_CLUSTER_CA_FILE');
    expect(() => loadCluster(ca.cert, leaf.cert, other.key)).toThrow(
      `PUSHFLEET_CLUSTER_KEY_FILE: ${join(dir, 'member.key')}`,
    );
  });

  it('never fail otherwise than in words, whatever is in the file', () => {
    const lines = fc.constantFrom(
      ...['CERTIFICATE', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].flatMap((label) => [
        `-----BEGIN ${label}-----`,
        `-----END ${label}-----`,
      ]),
      'MIIB',
      '0\x82',
      '',
    );
    const texts = fc.array(lines, { maxLength: 8 }).map((parts) => Buffer.from(parts.join('\n')));
    const bytes = fc.uint8Array({ maxLength: 64 }).map((given) => Buffer.from([0x30, 0x82, ...given]));
    fc.assert(
      fc.property(fc.oneof(texts, bytes), fc.boolean(), (content, isCertificate) => {
        const load = isCertificate ? () => loadServer(content, leaf.key) : () => loadServer(leaf.cert, content);
        expect(load).toThrow(PushfleetError);
        expect(() => parseCertificates({ setting: 'X', path: 'y', bytes: content })).toThrow(/^X: y /);
      }),
      { numRuns: 300 },
    );
  });
});
