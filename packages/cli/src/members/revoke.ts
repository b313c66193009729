import { parseNodeId } from '@pushfleet/protocol';
import {
  openRegistry,
  type Registry,
  type RegistryValues,
  redisUserName,
  removeRedisUser,
  type UserRemoval,
} from '@pushfleet/registry';
import { describeMember, type Member, memberUri, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { type IssuedCertificate, IssuedCertificates } from '../state/issued-certificates.ts';
import { KeyStore } from '../state/key-store.ts';
import { RedisUsers } from '../state/redis-users.ts';
import { defaultBalancer } from '../state/state-directory.ts';
import { stateFiles } from '../state/state-files.ts';
import { pause } from '../stop.ts';

export interface Revoked {
  /** How many certificates are good no more, and how many of them were so before. */
  certificates: number;
  before: number;
}

export interface RevokedPushServer extends Revoked {
  /** Its push server is no longer in the registry. */
  isGone: boolean;
  /** Its user in Redis; absent: the registry is not in Redis. */
  user?: { name: string; removal: UserRemoval };
}

/**
 * Members read the revoked certificates every two seconds. A push server that has not read it yet announces itself every second, as
 * often as balancers take it out: it has ended when it stays away.
 */
const goneForMs = 2_500;
const goneWithinMs = 8_000;
const lookEveryMs = 100;

/**
 * Ends what `pushfleet enroll` has given to a push server until now: its certificates, then its user in Redis. That goes last, so that
 * the push server can read by itself that it is to end.
 * @throws CommandFailure: nothing was issued to it from this state directory
 */
export async function revokePushServer(values: RegistryValues, distributionPoint: string): Promise<RevokedPushServer> {
  const { stateDir, redisUrl, redisKeyPrefix } = values;
  const member: Member = { role: 'push-server', name: distributionPoint };
  const certificates = new IssuedCertificates(stateDir);
  const issued = certificates.of(member);
  if (issued.length === 0) {
    const where = `issued.json in ${stateDir}, which \`pushfleet enroll\` writes on the machine with the keys of the CAs`;
    throw new CommandFailure(`no certificate of push server ${distributionPoint} is listed in ${where}`);
  }
  await using registry = await openRegistry(values, undefined, { migrates: false });
  const revoked = await revoke(registry, member, issued, certificates);
  const user = { role: 'push-server', distributionPoint } as const;
  new RedisUsers(stateDir, redisKeyPrefix).remove(user);
  const result = { ...revoked, isGone: await waitUntilGone(registry, distributionPoint) };
  if (redisUrl === undefined) return result;
  const removal = await removeRedisUser({ ...values, redisUrl }, user);
  return { ...result, user: { name: redisUserName(redisKeyPrefix, user), removal } };
}

/**
 * Ends the certificates in the cluster that balancers of that name have had from this state directory, but for the one that it holds
 * now. What they certified, ticket keys above all, counts no more.
 * @throws CommandFailure: there is none but that
 */
export async function revokeBalancers(values: RegistryValues, name = defaultBalancer): Promise<Revoked> {
  const { stateDir } = values;
  const member: Member = { role: 'balancer', name };
  const current = new KeyStore(stateDir, new Date(systemClock.wallMs()), []).certificate(stateFiles.cluster);
  const certificates = new IssuedCertificates(stateDir);
  const issued = certificates.of(member);
  const former = issued.filter(({ serial }) => serial !== current?.serialNumber);
  if (former.length === 0) {
    const why =
      issued.length === 0
        ? `no certificate of a balancer "${name}" is listed in issued.json in ${stateDir}`
        : 'the only certificate is the one in use';
    const advice = '`pushfleet init --renew` makes another one, on the machine with the keys of the CAs';
    throw new CommandFailure(`${why}; ${advice}: give it to all balancers, and say this again`);
  }
  await using registry = await openRegistry(values, undefined, { migrates: false });
  return await revoke(registry, member, former, certificates);
}

async function revoke(
  registry: Registry,
  member: Member,
  issued: readonly IssuedCertificate[],
  certificates: IssuedCertificates,
): Promise<Revoked> {
  const known = new Set((await registry.revocations.list()).map(({ serial }) => serial));
  const added = issued.filter(({ serial }) => !known.has(serial));
  const result = { certificates: issued.length, before: issued.length - added.length };
  const [revokedAtMs, uri] = [systemClock.wallMs(), memberUri(member)];
  // Before the registry has them: whoever enrolls the push server anew meanwhile gives it nothing of these.
  certificates.markRevoked(new Set(issued.map(({ serial }) => serial)), revokedAtMs);
  if (added.length === 0) return result;
  await registry.revocations.add(
    added.map(({ serial, expiresAtMs }) => ({ serial, member: uri, revokedAtMs, expiresAtMs })),
  );
  const which = added.length === 1 ? 'its certificate is' : `${added.length} certificates are`;
  const reason = `${describeMember(member)}: ${which} good no more`;
  const node = member.role === 'push-server' ? { node: parseNodeId(member.name) } : {};
  await registry.events.append([{ kind: 'member-revoked', atMs: revokedAtMs, ...node, reason }]);
  return result;
}

async function waitUntilGone(registry: Registry, name: string): Promise<boolean> {
  const untilMs = systemClock.now() + goneWithinMs;
  for (let seenAtMs = systemClock.now(); ; ) {
    const nowMs = systemClock.now();
    if ((await registry.nodes.list()).some(({ nodeId }) => nodeId === name)) seenAtMs = nowMs;
    if (nowMs - seenAtMs >= goneForMs) return true;
    if (nowMs >= untilMs) return false;
    await pause(lookEveryMs);
  }
}
