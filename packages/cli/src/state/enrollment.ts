import { copyFileSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  bundleDirectory,
  clusterServerName,
  describeMember,
  type Member,
  memberOf,
  memberUri,
  serverUri,
  systemClock,
} from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { IssuedCertificates } from './issued-certificates.ts';
import { KeyStore } from './key-store.ts';
import { makePrivateDirectory, writePrivateFile } from './private-file.ts';
import { defaultKeyPrefix, RedisUsers } from './redis-users.ts';
import { ensureSecretFile, replaceSecretFile } from './secrets.ts';
import { keepAuthorities, localNames } from './state-directory.ts';
import { stateFiles } from './state-files.ts';

export interface Enrollment {
  /** The state directory with the keys of the CAs. */
  stateDir: string;
  distributionPoint: string;
  /** Names and addresses by which devices reach the push server. Default: those of this machine. */
  hosts?: readonly string[];
  /** Directory of the bundle. Default: the one in which a push server on this machine looks for it. */
  out?: string | undefined;
  /** The beginning of all keys in Redis. */
  redisKeyPrefix?: string;
  /** Keeps what is there and still good, and makes nothing of it anew. What was revoked is not good. */
  keep?: boolean;
}

export interface Bundle {
  path: string;
  /** Files that were not there before, or were made anew. */
  made: string[];
  /** Its user in Redis, as a line of the file that lists them; `undefined`: that has not changed. */
  redisUser: string | undefined;
}

/**
 * Makes a bundle: all that one push server needs to be a member of the cluster, and nothing by which it could be another one. Its
 * certificates carry its distribution point's id; that for devices is issued by a CA that devices take for no balancer's.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT: a CA's key is not in the state directory, or another member is at the place of the bundle
 */
export async function enrollPushServer(enrollment: Enrollment): Promise<Bundle> {
  const { distributionPoint: name, hosts = localNames() } = enrollment;
  const stateDir = resolve(enrollment.stateDir);
  const path = resolve(enrollment.out ?? bundleDirectory(stateDir, name));
  const nowMs = systemClock.wallMs();
  const made: string[] = [];
  if (!existsSync(stateDir)) throw new CommandFailure(`there is no ${stateDir}: \`pushfleet init\` makes it`);
  assertOwnPlace(path, name, stateDir);
  const authorities = await keepAuthorities(new KeyStore(stateDir, new Date(nowMs), []));
  makePrivateDirectory(path);
  const bundle = new KeyStore(path, new Date(nowMs), made);
  const issued = new IssuedCertificates(stateDir);
  const former = enrollment.keep ? bundle.certificate(stateFiles.cluster) : undefined;
  // Of a bundle that was revoked nothing is good, the password least of all.
  const keep = enrollment.keep === true && !(former && issued.isRevoked(former));
  const issue = keep ? bundle.leaf.bind(bundle) : bundle.newLeaf.bind(bundle);
  await issue(stateFiles.server, authorities.pushServerCa, {
    commonName: name,
    names: hosts,
    ...{ uri: serverUri({ role: 'push-server', name }), isUriNeeded: true, uses: ['server'] },
  });
  const certificate = await issue(stateFiles.cluster, authorities.clusterCa, {
    commonName: clusterServerName,
    names: [clusterServerName],
    ...{ uri: memberUri({ role: 'push-server', name }), isUriNeeded: true, uses: ['server', 'client'] },
  });
  if (made.includes(`${stateFiles.cluster}.crt`)) issued.add(certificate, nowMs);
  for (const authority of [stateFiles.ca, stateFiles.clusterCa]) {
    copyFileSync(join(stateDir, `${authority}.crt`), join(path, `${authority}.crt`));
  }
  const secret = join(stateDir, stateFiles.pushServerTicketSecret);
  ensureSecretFile(secret);
  writePrivateFile(join(path, stateFiles.tlsTicketSecret), readFileSync(secret, 'utf8'));
  return { path, made, redisUser: enrollRedisUser({ ...enrollment, keep }, path) };
}

/** A bundle replaces the files at its place: they must be of no other member, above all not of the balancer. */
function assertOwnPlace(path: string, distributionPoint: string, stateDir: string): void {
  const where = `the bundle of ${distributionPoint} cannot be in ${path}`;
  const advice = 'name another directory in --out';
  // A link or another way of writing leads there, too.
  const isStateDir = existsSync(path) && realpathSync(path) === realpathSync(stateDir);
  if (isStateDir) throw new CommandFailure(`${where}, the state directory itself: ${advice}`);
  // A place that is called after it is its own: certificates that came there by mistake are replaced.
  if (path === bundleDirectory(stateDir, distributionPoint)) return;
  const owner = memberIn(path);
  if (!owner || (owner.role === 'push-server' && owner.name === distributionPoint)) return;
  throw new CommandFailure(`${where}, which has the certificate of ${describeMember(owner)}: ${advice}`);
}

function memberIn(path: string): Member | undefined {
  try {
    const certificate = new KeyStore(path, new Date(0), []).certificate(stateFiles.cluster);
    return certificate && memberOf(certificate);
  } catch {
    // Damaged: an enrolment repairs it.
    return undefined;
  }
}

/** Whoever has the password of before gets in no more, once Redis has read the file. */
function enrollRedisUser({ stateDir, distributionPoint, redisKeyPrefix, keep }: Enrollment, path: string) {
  const file = join(path, stateFiles.redisPassword);
  const password = keep ? ensureSecretFile(file) : replaceSecretFile(file);
  const users = new RedisUsers(resolve(stateDir), redisKeyPrefix ?? defaultKeyPrefix);
  const user = { role: 'push-server', distributionPoint } as const;
  if (!users.put(user, password)) return undefined;
  return users.lineOf(user);
}
