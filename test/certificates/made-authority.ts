// @peculiar/x509 resolves its algorithms with decorators.
import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

export interface LeafWish {
  /** Host names and IP addresses. */
  names: readonly string[];
  /** From now; negative: in the past. Default: yesterday to a year from now. */
  beginsInDays?: number;
  endsInDays?: number;
  /** The usage that it permits; default: as a server. */
  use?: keyof typeof uses;
  /** URIs beside the names. */
  uris?: readonly string[];
}

const uses = {
  server: [x509.ExtendedKeyUsage.serverAuth],
  client: [x509.ExtendedKeyUsage.clientAuth],
  /** A member of a cluster is a server, and a client of the others. */
  member: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
};

/** PEM texts. `chain`: what a server has to show for it, the intermediates included. */
export interface MadeLeaf {
  cert: string;
  key: string;
  chain: string;
}

/** A CA that makes any certificate that a test asks for, good or bad. */
export class MadeAuthority {
  readonly pem: string;
  readonly #certificate: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  /** From this one up to the root, without the root. */
  readonly #above: readonly string[];

  static async create(commonName: string): Promise<MadeAuthority> {
    x509.cryptoProvider.set(webcrypto as Crypto);
    const keys = await createKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${commonName}`,
      keys,
      signingAlgorithm: algorithm,
      ...lifetime(-1, 3_650),
      extensions: [...authorityExtensions(), await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
    });
    return new MadeAuthority(certificate, keys, []);
  }

  private constructor(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair, above: readonly string[]) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.#above = above;
    this.pem = `${certificate.toString('pem')}\n`;
  }

  get certificate(): X509Certificate {
    return new X509Certificate(this.pem);
  }

  /** `pathLength`: how many further intermediates it may sign below itself; default: any number. */
  async createIntermediate(
    commonName: string,
    { endsInDays = 1_000, pathLength }: { endsInDays?: number; pathLength?: number } = {},
  ): Promise<MadeAuthority> {
    const keys = await createKeys();
    const life = lifetime(-1, endsInDays);
    const certificate = await this.#sign(keys, `CN=${commonName}`, life, authorityExtensions(pathLength));
    return new MadeAuthority(certificate, keys, [`${certificate.toString('pem')}\n`, ...this.#above]);
  }

  async issue({ names, uris = [], beginsInDays = -1, endsInDays = 365, use = 'server' }: LeafWish): Promise<MadeLeaf> {
    const keys = await createKeys();
    const alternatives = names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
    const certificate = await this.#sign(keys, `CN=${names[0]}`, lifetime(beginsInDays, endsInDays), [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension(uses[use]),
      new x509.SubjectAlternativeNameExtension([
        ...alternatives,
        ...uris.map((value) => ({ type: 'url' as const, value })),
      ]),
    ]);
    const cert = `${certificate.toString('pem')}\n`;
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    return { cert, key: `${key}\n`, chain: [cert, ...this.#above].join('') };
  }

  /** The list of what it has revoked, PEM. @param certificates PEM */
  async revoke(...certificates: string[]): Promise<string> {
    const list = await x509.X509CrlGenerator.create({
      ...{ issuer: this.#certificate.subject, signingKey: this.#keys.privateKey, signingAlgorithm: algorithm },
      nextUpdate: new Date(Date.now() + dayMs),
      entries: certificates.map((pem) => ({
        serialNumber: new X509Certificate(pem).serialNumber,
        revocationDate: new Date(),
      })),
    });
    return `${list.toString('pem')}\n`;
  }

  async #sign(
    keys: webcrypto.CryptoKeyPair,
    subject: string,
    life: ReturnType<typeof lifetime>,
    extensions: x509.Extension[],
  ): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create({
      subject,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      ...life,
      extensions: [
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate),
      ],
    });
  }
}

/** The certificates in a PEM text, in its order. */
export function certificatesIn(pem: string): X509Certificate[] {
  return (
    pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs)?.map((one) => new X509Certificate(one)) ?? []
  );
}

function authorityExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function lifetime(beginsInDays: number, endsInDays: number): { notBefore: Date; notAfter: Date } {
  const atDay = (days: number) => new Date(Date.now() + days * dayMs);
  return { notBefore: atDay(beginsInDays), notAfter: atDay(endsInDays) };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}
