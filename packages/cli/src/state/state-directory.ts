import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { clusterServerName, systemClock } from '@pushfleet/runtime';
import { isFresh, isIssuedBy, isNamed, namesOf } from './certificate-check.ts';
import { type CertifiedKey, createAuthority, issueCertificate, type LeafRequest } from './certificates.ts';
import { makePrivateDirectory, readFileIfAny, writePrivateFile, writePublicFile } from './private-file.ts';
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
} as const;

/**
 * Makes what a cluster needs before its first start: two CAs, a certificate of each, the admin token, a password for
 * Redis. What is there and still good is kept, so that it can be called before every start.
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
  for (const name of [stateFiles.adminToken, stateFiles.redisPassword]) {
    if (!readFileIfAny(join(path, name))) made.push(name);
    ensureSecretFile(join(path, name));
  }
  return { path, made };
}

/** Keys and certificates in a directory. */
class KeyStore {
  readonly #dir: string;
  readonly #now: Date;
  readonly #made: string[];

  constructor(dir: string, now: Date, made: string[]) {
    this.#dir = dir;
    this.#now = now;
    this.#made = made;
  }

  async authority(name: string, commonName: string): Promise<CertifiedKey> {
    const existing = this.#read(name);
    if (existing && isFresh(existing, this.#now)) return existing;
    return this.#write(name, await createAuthority(commonName));
  }

  async leaf(name: string, authority: CertifiedKey, request: LeafRequest): Promise<void> {
    const existing = this.#read(name);
    if (existing && isFresh(existing, this.#now) && isIssuedBy(existing.cert, authority.cert)) {
      if (request.names.every((wanted) => isNamed(existing.cert, wanted))) return;
    }
    // Names that an earlier call asked for stay, or a plain `init` would take them away at the next renewal.
    const names = [...new Set([...request.names, ...(existing ? namesOf(existing.cert) : [])])];
    this.#write(name, await issueCertificate(authority, { ...request, names }));
  }

  #read(name: string): CertifiedKey | undefined {
    const cert = readFileIfAny(join(this.#dir, `${name}.crt`));
    const key = readFileIfAny(join(this.#dir, `${name}.key`));
    return cert === undefined || key === undefined ? undefined : { cert, key };
  }

  #write(name: string, pair: CertifiedKey): CertifiedKey {
    writePrivateFile(join(this.#dir, `${name}.key`), pair.key);
    writePublicFile(join(this.#dir, `${name}.crt`), pair.cert);
    this.#made.push(`${name}.crt`, `${name}.key`);
    return pair;
  }
}
