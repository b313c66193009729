import { X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  clusterServerName,
  type PemFile,
  parseCertificates,
  parsePrivateKey,
  processSettings,
  readCredentialFile,
  systemClock,
} from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import {
  isIssuedBy,
  isLasting,
  isNamed,
  isOurs,
  type KnownCertificate,
  namesOf,
  ownsKey,
} from './certificate-check.ts';
import { type CertifiedKey, createAuthority, issueCertificate, type LeafRequest } from './certificates.ts';
import { makePrivateDirectory, writePrivateFile, writePublicFile } from './private-file.ts';
import { ensureSecretFile } from './secrets.ts';

export interface StateDirectoryOptions {
  path: string;
  /** Names and addresses, besides this machine's own, by which devices and admins reach its listeners. */
  hosts?: readonly string[];
  now?: Date;
}

export interface StateDirectory {
  path: string;
  /** Files that were not there before, or were made anew. */
  made: string[];
}

/** Names of the files; docs/operations.md describes each. */
export const stateFiles = {
  ca: 'ca',
  server: 'server',
  clusterCa: 'cluster-ca',
  cluster: 'cluster',
  adminToken: 'admin-token',
  redisPassword: 'redis-password',
  tlsTicketSecret: 'tls-ticket-secret',
} as const;

/**
 * Makes what a cluster needs before its first start: two CAs, a certificate of each, the admin token, a password for
 * Redis, the secret that protects the keys of TLS session tickets. What is there and still good is kept, so that it can be called before every start.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT: something is there that it must not replace
 */
export async function createStateDirectory(options: StateDirectoryOptions): Promise<StateDirectory> {
  const path = resolve(options.path);
  const now = options.now ?? new Date(systemClock.wallMs());
  const made: string[] = [];
  makePrivateDirectory(path);
  const keep = new KeyStore(path, now, made);
  const ca = await keep.authority(stateFiles.ca, 'pushfleet CA');
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...(options.hosts ?? [])])];
  await keep.leaf(stateFiles.server, ca, { commonName: 'pushfleet', names, uses: ['server'] });
  // Apart from the other CA: whom devices trust as a server is not thereby a member of the cluster.
  const clusterCa = await keep.authority(stateFiles.clusterCa, 'pushfleet cluster CA');
  await keep.leaf(stateFiles.cluster, clusterCa, {
    commonName: clusterServerName,
    names: [clusterServerName],
    uses: ['server', 'client'],
  });
  for (const name of [stateFiles.adminToken, stateFiles.redisPassword, stateFiles.tlsTicketSecret]) {
    const file = join(path, name);
    if (statSync(file, { throwIfNoEntry: false })?.size) continue;
    ensureSecretFile(file);
    made.push(name);
  }
  return { path, made };
}

/** A CA whose key may be elsewhere, where nothing is to be signed. */
interface Authority {
  name: string;
  certificate: X509Certificate;
  pair: CertifiedKey | undefined;
}

/** Keys and certificates in a directory. What cannot be read, or is not ours, is never replaced. */
class KeyStore {
  readonly #dir: string;
  readonly #now: Date;
  readonly #made: string[];

  constructor(dir: string, now: Date, made: string[]) {
    this.#dir = dir;
    this.#now = now;
    this.#made = made;
  }

  async authority(name: string, commonName: string): Promise<Authority> {
    const known = this.#read(name);
    if (known?.key && !ownsKey(known)) {
      const advice =
        'put the right one back; or remove both, and give devices and administrators the certificate that is made';
      throw new CommandFailure(`${this.#path(name, 'key')} does not belong to the certificate beside it: ${advice}`);
    }
    if (known && isLasting(known.certificate, this.#now)) {
      const { certificate, cert, key } = known;
      return { name, certificate, pair: key && { cert, key: key.pem } };
    }
    const pair = this.#write(name, await createAuthority(commonName));
    return { name, certificate: new X509Certificate(pair.cert), pair };
  }

  async leaf(name: string, authority: Authority, request: LeafRequest): Promise<void> {
    const known = this.#read(name);
    if (known && this.#isGood(known, authority) && request.names.every((one) => isNamed(known.certificate, one)))
      return;
    if (known && !isOurs(known.certificate)) {
      const advice = `name your own certificate in ${processSettings.tlsCertFile.name}, or remove this one`;
      throw new CommandFailure(`${this.#path(name, 'crt')} is not of pushfleet, and is to be replaced: ${advice}`);
    }
    if (!authority.pair) {
      const wanted = `${this.#path(authority.name, 'key')} is needed, and not there`;
      throw new CommandFailure(`${this.#path(name, 'crt')} is to be made anew: ${wanted}`);
    }
    // Names that an earlier call asked for stay, or a plain `init` would take them away at the next renewal.
    const names = [...new Set([...request.names, ...(known ? namesOf(known.certificate) : [])])];
    this.#write(name, await issueCertificate(authority.pair, { ...request, names }));
  }

  #isGood(known: KnownCertificate, { certificate: issuer }: Authority): boolean {
    const { certificate } = known;
    return isLasting(certificate, this.#now) && ownsKey(known) && isIssuedBy(certificate, issuer);
  }

  #path(name: string, ending: 'crt' | 'key'): string {
    return join(this.#dir, `${name}.${ending}`);
  }

  /** @throws PushfleetError INVALID_ARGUMENT: there is a file that is no PEM, or has an encrypted key */
  #read(name: string): KnownCertificate | undefined {
    const certFile = this.#file(name, 'crt');
    if (!certFile) return undefined;
    const [certificate] = parseCertificates(certFile) as [X509Certificate];
    const keyFile = this.#file(name, 'key');
    const key = keyFile && parsePrivateKey(keyFile);
    return { certificate, cert: certificate.toString(), key: key && { object: key.key, pem: key.pem } };
  }

  #file(name: string, ending: 'crt' | 'key'): PemFile | undefined {
    const path = this.#path(name, ending);
    const setting = processSettings.stateDir.name;
    return existsSync(path) ? readCredentialFile(setting, path, 'it has just gone') : undefined;
  }

  #write(name: string, pair: CertifiedKey): CertifiedKey {
    writePrivateFile(this.#path(name, 'key'), pair.key);
    writePublicFile(this.#path(name, 'crt'), pair.cert);
    this.#made.push(`${name}.crt`, `${name}.key`);
    return pair;
  }
}
