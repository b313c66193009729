// @peculiar/x509 resolves its algorithms with decorators.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  type ClusterCredentials,
  clusterServerName,
  type KeyPair,
  type Member,
  MemberGate,
  memberUri,
  silentLogger,
  systemClock,
} from '@pushfleet/runtime';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Revokes nobody, and tells nobody whom it refuses. */
export const openGate = new MemberGate({ report: () => {}, clock: systemClock, logger: silentLogger });

/** Throwaway certificates of one CA: a server at 127.0.0.1 and localhost, a balancer, and other members of its cluster. */
export interface Certificates {
  tls: KeyPair;
  cluster: ClusterCredentials;
  createMember(member: Member): Promise<ClusterCredentials>;
}

export async function createCertificates(): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const caKeys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=test CA',
    keys: caKeys,
    signingAlgorithm: algorithm,
    ...lifetime(),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const issue = (names: x509.JsonGeneralNames) => issueCertificate(ca, caKeys.privateKey, names);
  const server = [
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'localhost' },
  ] as const;
  const createMember = async (member: Member) => ({
    ca: Buffer.from(ca.toString('pem')),
    ...(await issue([
      { type: 'dns', value: clusterServerName },
      { type: 'url', value: memberUri(member) },
    ])),
  });
  return {
    tls: await issue([...server]),
    cluster: await createMember({ role: 'balancer', name: 'balancer' }),
    createMember,
  };
}

async function issueCertificate(
  ca: x509.X509Certificate,
  signingKey: CryptoKey,
  names: x509.JsonGeneralNames,
): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=test',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    ...lifetime(),
    extensions: [new x509.SubjectAlternativeNameExtension(names)],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
  return { cert: Buffer.from(certificate.toString('pem')), key: Buffer.from(key) };
}

function lifetime() {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
}
