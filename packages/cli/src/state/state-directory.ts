import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { clusterServerName, memberUri, serverUri, systemClock } from '@pushfleet/runtime';
import type { LeafRequest } from './certificates.ts';
import { IssuedCertificates } from './issued-certificates.ts';
import { KeyStore } from './key-store.ts';
import { makePrivateDirectory } from './private-file.ts';
import { defaultKeyPrefix, RedisUsers } from './redis-users.ts';
import { ensureSecretFile } from './secrets.ts';
import { stateFiles } from './state-files.ts';

export interface StateDirectoryOptions {
  path: string;
  /** Names and addresses, besides this machine's own, by which devices and admins reach its listeners. */
  hosts?: readonly string[];
  /** The name of the balancer in its certificate for other processes of the cluster. */
  balancer?: string;
  /** The beginning of all keys in Redis. */
  redisKeyPrefix?: string;
  /** Makes the balancer's keys and certificates anew, whatever is there. */
  renew?: boolean;
  now?: Date;
}

export interface StateDirectory {
  path: string;
  /** Files that were not there before, or were made anew. */
  made: string[];
  /** The users of Redis, as the file that lists them has them. */
  redisUsers: string;
}

/** The name of the balancers in their certificate, which they share. */
export const defaultBalancer = 'balancer';

/**
 * Makes what a cluster needs before its first start, and its balancer: CAs, the balancer's certificates, the admin token, a password for
 * Redis, the secrets that protect the keys of TLS session tickets. What is there and still good is kept, so that it can be called
 * before every start. Push servers get theirs by `enrollPushServer`.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT: something is there that it must not replace
 */
export async function createStateDirectory(options: StateDirectoryOptions): Promise<StateDirectory> {
  const path = resolve(options.path);
  const now = options.now ?? new Date(systemClock.wallMs());
  const made: string[] = [];
  makePrivateDirectory(path);
  const keep = new KeyStore(path, now, made);
  const name = options.balancer ?? defaultBalancer;
  const { ca, clusterCa } = await keepAuthorities(keep);
  const names = [...new Set([...localNames(), ...(options.hosts ?? [])])];
  const server: LeafRequest = {
    ...{ commonName: 'pushfleet', names, uri: serverUri({ role: 'balancer', name }), uses: ['server'] },
  };
  const member: LeafRequest = {
    commonName: clusterServerName,
    names: [clusterServerName],
    ...{ uri: memberUri({ role: 'balancer', name }), isUriNeeded: true, uses: ['server', 'client'] },
  };
  const issued = new IssuedCertificates(path);
  // It may have been made before balancers were listed.
  const former = keep.certificate(stateFiles.cluster);
  if (former) issued.add(former, now.getTime());
  const issue = options.renew ? keep.renewedLeaf.bind(keep) : keep.leaf.bind(keep);
  await issue(stateFiles.server, ca, server);
  issued.add(await issue(stateFiles.cluster, clusterCa, member), now.getTime());
  const { adminToken, redisPassword, tlsTicketSecret, pushServerTicketSecret } = stateFiles;
  for (const secret of [adminToken, redisPassword, tlsTicketSecret, pushServerTicketSecret]) {
    const file = join(path, secret);
    if (statSync(file, { throwIfNoEntry: false })?.size) continue;
    ensureSecretFile(file);
    made.push(secret);
  }
  const users = new RedisUsers(path, options.redisKeyPrefix ?? defaultKeyPrefix);
  users.put({ role: 'balancer' }, ensureSecretFile(join(path, redisPassword)));
  return { path, made, redisUsers: users.text };
}

/** The CAs of a cluster, made where they are missing. */
export async function keepAuthorities(keep: KeyStore) {
  const ca = await keep.authority(stateFiles.ca, 'pushfleet CA');
  // Its certificates are good for push servers only: devices take none of it for a balancer.
  const pushServerCa = await keep.intermediate(stateFiles.pushServerCa, 'pushfleet push server CA', ca);
  // Apart from the other CAs: whom devices trust as a server is not thereby a member of the cluster.
  const clusterCa = await keep.authority(stateFiles.clusterCa, 'pushfleet cluster CA');
  return { ca, pushServerCa, clusterCa };
}

/** The names by which this machine is reached from itself. */
export function localNames(): string[] {
  return ['localhost', '127.0.0.1', '::1', hostname()];
}
