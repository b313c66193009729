import { createPrivateKey, hkdfSync, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { PushfleetError } from '@pushfleet/protocol';
import { describeMember, memberOf } from '../cluster/member.ts';
import type { WantedMember } from '../cluster/member-gate.ts';
import type { Live } from '../live.ts';
import { type ProcessSettings, processSettings } from '../process-settings.ts';
import { decodeText, readBoundedFile } from '../text/text-reader.ts';
import type { CredentialName } from './credential-files.ts';
import {
  isIssuedBy,
  nameOf,
  type Passphrase,
  type PemFile,
  parseAuthorities,
  parseCertificates,
  parsePrivateKey,
  problem,
} from './pem.ts';

/** PEM texts that belong together: the certificate comes first, then those that issued it. */
export interface KeyPair {
  cert: Buffer;
  key: Buffer;
}

/** Certificate, key and CA for mutual TLS inside the cluster. */
export interface ClusterCredentials extends KeyPair {
  ca: Buffer;
}

/** The serial number of the process' present certificate in the cluster, in upper-case hexadecimal digits: by that it is revoked. */
export function memberSerialOf({ current }: Live<ClusterCredentials>): string {
  return new X509Certificate(current.cert).serialNumber;
}

/** The name in every cluster certificate: processes of a cluster prove that they belong to it, not where they run. */
export const clusterServerName = 'pushfleet-cluster';

/**
 * gRPC channel options to reach a member of the cluster, whose certificate has the name of all of them. No proxy is asked.
 */
export const clusterChannelOptions = {
  'grpc.ssl_target_name_override': clusterServerName,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
} as const;

/** @throws PushfleetError INVALID_ARGUMENT that names the variable and the file, and what is wrong with it. */
export function loadServerCredentials(settings: ProcessSettings): KeyPair {
  return parsePair(
    readStateFile(settings, 'tlsCertFile', 'server.crt'),
    readStateFile(settings, 'tlsKeyFile', 'server.key'),
    readPassphrase(settings, 'tlsKeyPassphraseFile'),
  ).pair;
}

/**
 * @param wanted The member that this process is.
 * @throws PushfleetError INVALID_ARGUMENT that names the variable and the file, and what is wrong with it.
 */
export function loadClusterCredentials(settings: ProcessSettings, wanted?: WantedMember): ClusterCredentials {
  const caFile = readStateFile(settings, 'clusterCaFile', 'cluster-ca.crt');
  const authorities = parseAuthorities(caFile);
  const certFile = readStateFile(settings, 'clusterCertFile', 'cluster.crt');
  const keyFile = readStateFile(settings, 'clusterKeyFile', 'cluster.key');
  const { pair, chain } = parsePair(certFile, keyFile, readPassphrase(settings, 'clusterKeyPassphraseFile'));
  if (!chain.some((certificate) => authorities.some((authority) => isIssuedBy(certificate, authority)))) {
    const issuer = `the CA in ${caFile.path} (${caFile.setting})`;
    throw problem(certFile, `has a certificate that was not issued by ${issuer}; the two must be of one cluster`);
  }
  if (wanted) assertMember(chain[0] as X509Certificate, certFile, wanted);
  return { ...pair, ca: pemOf(authorities) };
}

function assertMember(certificate: X509Certificate, file: PemFile, { role, name }: WantedMember): void {
  const member = memberOf(certificate);
  if (member?.role === role && (name === undefined || member.name === name)) return;
  const whose = member ? `is the certificate of ${describeMember(member)}` : 'has a certificate that names no member';
  const wanted = name === undefined ? `a ${role}` : describeMember({ role, name });
  const remedy = role === 'balancer' ? '`pushfleet init`' : `\`pushfleet enroll ${name ?? ''}\``;
  throw problem(file, `${whose}, and not that of ${wanted}; ${remedy} makes one`);
}

const leastSecretBytes = 16;

/**
 * The secret that protects the keys of TLS session tickets. Without a file it is derived from the cluster's private key, and so
 * the same only for processes that have the same key.
 * @throws PushfleetError INVALID_ARGUMENT that names the setting and the file, and nothing of what the file holds.
 */
export function loadTicketSecret(settings: ProcessSettings, cluster: KeyPair): Buffer {
  const { name } = processSettings.tlsTicketSecretFile;
  const file = settings.tlsTicketSecretFile ?? join(settings.stateDir, 'tls-ticket-secret');
  if (settings.tlsTicketSecretFile === undefined && !existsSync(file)) {
    const key = createPrivateKey(cluster.key).export({ type: 'pkcs8', format: 'der' });
    return Buffer.from(hkdfSync('sha256', key, '', 'pushfleet tls ticket secret', 32));
  }
  const { bytes } = readCredentialFile(name, file, '`pushfleet init` makes one');
  const secret = Buffer.from(bytes).toString('latin1').trim();
  if (secret.length >= leastSecretBytes) return Buffer.from(secret, 'latin1');
  throw new PushfleetError(
    'INVALID_ARGUMENT',
    `${name}: ${file} must have a secret of at least ${leastSecretBytes} characters; it has ${secret.length}`,
  );
}

/** Certificates as one PEM text, and nothing else. */
export function pemOf(certificates: readonly X509Certificate[]): Buffer {
  return Buffer.from(certificates.map(String).join(''));
}

function parsePair(
  certFile: PemFile,
  keyFile: PemFile,
  passphrase: Passphrase,
): { pair: KeyPair; chain: X509Certificate[] } {
  const chain = parseCertificates(certFile);
  const { key, pem } = parsePrivateKey(keyFile, passphrase);
  const place = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  const [first] = chain as [X509Certificate, ...X509Certificate[]];
  if (place < 0) {
    const certificate = `the certificate of ${nameOf(first)} in ${certFile.path} (${certFile.setting})`;
    throw problem(keyFile, `has a private key that does not belong to ${certificate}`);
  }
  assertOrder(chain, place, certFile);
  const pair = { cert: pemOf(chain), key: Buffer.from(pem) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw problem(
      certFile,
      `is not fit for TLS, or its key in ${keyFile.path} (${keyFile.setting}) is not: ${cause}`,
      cause,
    );
  }
  return { pair, chain };
}

function assertOrder(chain: readonly X509Certificate[], place: number, certFile: PemFile): void {
  const rule = 'the certificate of the private key must come first, and each be followed by the one that issued it';
  if (place > 0) {
    const leaf = nameOf(chain[place] as X509Certificate);
    throw problem(certFile, `has the certificate of ${leaf} as number ${place + 1}; ${rule}`);
  }
  for (const [index, certificate] of chain.entries()) {
    const next = chain[index + 1];
    if (!next || isIssuedBy(certificate, next) || isIssuedBy(certificate, certificate)) continue;
    const issuer = chain.findIndex((other) => isIssuedBy(certificate, other));
    if (issuer < 0) continue;
    const issuerName = nameOf(chain[issuer] as X509Certificate);
    throw problem(
      certFile,
      `has number ${index + 1} not followed by its issuer, ${issuerName} (number ${issuer + 1}); ${rule}`,
    );
  }
}

/** The files of a process' credentials. */
export interface CredentialPaths
  extends Record<Exclude<CredentialName, 'device-issuers' | 'device-cas' | 'redis'>, readonly string[]> {
  'admin-token': readonly [string];
}

/** The files of a process' credentials, as its settings name them. */
export function credentialPaths(settings: ProcessSettings): CredentialPaths {
  const inState = (setting: FileSetting, fallback: string) => settings[setting] ?? join(settings.stateDir, fallback);
  const given = (path: string | undefined) => (path === undefined ? [] : [path]);
  const clusterKey = inState('clusterKeyFile', 'cluster.key');
  const serverCert = inState('tlsCertFile', 'server.crt');
  return {
    server: [serverCert, inState('tlsKeyFile', 'server.key'), ...given(settings.tlsKeyPassphraseFile)],
    cluster: [
      inState('clusterCaFile', 'cluster-ca.crt'),
      inState('clusterCertFile', 'cluster.crt'),
      ...[clusterKey, ...given(settings.clusterKeyPassphraseFile)],
    ],
    ca: [settings.caFile ?? join(settings.stateDir, 'ca.crt'), serverCert],
    'ticket-secret': [settings.tlsTicketSecretFile ?? join(settings.stateDir, 'tls-ticket-secret')],
    'admin-token': [settings.adminTokenFile ?? join(settings.stateDir, 'admin-token')],
  };
}

type FileSetting = 'tlsCertFile' | 'tlsKeyFile' | 'clusterCaFile' | 'clusterCertFile' | 'clusterKeyFile';

/** A passphrase is the first line of its file, without the end of the line. */
function readPassphrase(
  settings: ProcessSettings,
  setting: 'tlsKeyPassphraseFile' | 'clusterKeyPassphraseFile',
): Passphrase {
  const { name } = processSettings[setting];
  const path = settings[setting];
  if (path === undefined) return { setting: name };
  const { bytes } = readCredentialFile(name, path, 'its first line is the passphrase of the key');
  const [text = ''] = decodeText(bytes, `${name}: ${path}`).split(/\r\n|\n|\r/, 1);
  return { setting: name, text };
}

function readStateFile(settings: ProcessSettings, setting: FileSetting, fallback: string): PemFile {
  const path = settings[setting] ?? join(settings.stateDir, fallback);
  const advice = '`pushfleet init` makes one; for a push server `pushfleet enroll` does';
  return readCredentialFile(processSettings[setting].name, path, advice);
}

/** Largest file that is read. No chain of certificates and no token comes near it; a device file or a wrong one might never end. */
const greatestFileBytes = 1_048_576;

/**
 * Reads a file of credentials.
 * @param advice The remedy where there is no such file.
 * @throws PushfleetError INVALID_ARGUMENT that names the setting and the file.
 */
export function readCredentialFile(setting: string, path: string, advice: string): PemFile {
  try {
    return { setting, path, bytes: readBoundedFile(path, greatestFileBytes) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' ? `cannot read ${path}; ${advice}` : `cannot read ${path} (${code})`;
    const what = cause instanceof PushfleetError ? message : missing;
    throw new PushfleetError('INVALID_ARGUMENT', `${setting}: ${what}`, { cause });
  }
}
