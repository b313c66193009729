import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { DeviceNameRule, DeviceTrust } from './device-trust.ts';
import { readRevocationList, subjectOf } from './revocation-file.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const clientAuth = x509.ExtendedKeyUsage.clientAuth;

export interface IssueWish {
  cn?: string;
  names?: x509.JsonGeneralNames;
  /** Seconds from now. */
  fromS?: number;
  toS?: number;
  usage?: string;
  isCa?: boolean;
}

export interface DeviceCertificate {
  cert: string;
  key: string;
  serial: string;
  x509: X509Certificate;
}

/** A CA of devices' certificates, and what it revokes. */
export class DeviceCa {
  readonly certificate: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  static async create(name = 'device CA', fromS = -86_400, toS = 86_400): Promise<DeviceCa> {
    x509.cryptoProvider.set(webcrypto as Crypto);
    const keys = await createKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...{ name: `CN=${name}`, keys, signingAlgorithm: algorithm, ...lifetime(fromS, toS) },
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new DeviceCa(certificate, keys);
  }

  private constructor(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.certificate = certificate;
    this.#keys = keys;
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  async issue({ cn = 'laptop', names, fromS = -60, toS = 3_600, usage = clientAuth, isCa = false }: IssueWish = {}) {
    const keys = await createKeys();
    const issued = await x509.X509CertificateGenerator.create({
      ...{ subject: `CN=${cn}`, issuer: this.certificate.subject, publicKey: keys.publicKey },
      ...{ signingKey: this.#keys.privateKey, signingAlgorithm: algorithm, ...lifetime(fromS, toS) },
      extensions: [
        new x509.BasicConstraintsExtension(isCa),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
    const cert = issued.toString('pem');
    return { cert, key, serial: issued.serialNumber, x509: new X509Certificate(cert) } satisfies DeviceCertificate;
  }

  async revoke(...serials: string[]): Promise<{ der: Buffer; pem: string }> {
    return this.revokeUntil(Date.now() + 86_400_000, ...serials);
  }

  /** @param nextUpdateMs When the next list is due, in Unix time. */
  async revokeUntil(nextUpdateMs: number, ...serials: string[]): Promise<{ der: Buffer; pem: string }> {
    const list = await x509.X509CrlGenerator.create({
      ...{ issuer: this.certificate.subject, signingKey: this.#keys.privateKey, signingAlgorithm: algorithm },
      nextUpdate: new Date(nextUpdateMs),
      entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date() })),
    });
    return { der: Buffer.from(list.rawData), pem: list.toString('pem') };
  }

  async trust(rule: DeviceNameRule = { kind: 'cn' }, ...revoked: string[]): Promise<DeviceTrust> {
    const authority = new X509Certificate(this.pem);
    const { serials } = readRevocationList((await this.revoke(...revoked)).der);
    return { authorities: [authority], revoked: new Map([[subjectOf(authority).toString('hex'), serials]]), rule };
  }
}

async function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

function lifetime(fromS: number, toS: number) {
  const now = Date.now();
  return { notBefore: new Date(now + fromS * 1_000), notAfter: new Date(now + toS * 1_000) };
}
