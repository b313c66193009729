import { parseNodeId } from '@pushfleet/protocol';
import {
  openRegistry,
  type Registry,
  type RegistryValues,
  redisUserName,
  removeRedisUser,
  type UserRemoval,
} from '@pushfleet/registry';
import { memberUri, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { type IssuedCertificate, IssuedCertificates } from '../state/issued-certificates.ts';
import { RedisUsers } from '../state/redis-users.ts';
import { pause } from '../stop.ts';

export interface Revoked {
  /** How many certificates are good no more, and how many of them were so before. */
  certificates: number;
  before: number;
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
export async function revokePushServer(values: RegistryValues, distributionPoint: string): Promise<Revoked> {
  const { stateDir, redisUrl, redisKeyPrefix } = values;
  const issued = new IssuedCertificates(stateDir).list().filter((one) => one.distributionPoint === distributionPoint);
  if (issued.length === 0) {
    const where = `issued.json in ${stateDir}, which \`pushfleet enroll\` writes on the machine with the keys of the CAs`;
    throw new CommandFailure(`no certificate of push server ${distributionPoint} is listed in ${where}`);
  }
  await using registry = await openRegistry(values, undefined, { migrates: false });
  const before = await revoke(registry, distributionPoint, issued);
  const user = { role: 'push-server', distributionPoint } as const;
  new RedisUsers(stateDir, redisKeyPrefix).remove(user);
  const result = { certificates: issued.length, before, isGone: await waitUntilGone(registry, distributionPoint) };
  if (redisUrl === undefined) return result;
  const removal = await removeRedisUser({ ...values, redisUrl }, user);
  return { ...result, user: { name: redisUserName(redisKeyPrefix, user), removal } };
}

/** @returns how many of them were revoked before */
async function revoke(registry: Registry, name: string, issued: readonly IssuedCertificate[]): Promise<number> {
  const known = new Set((await registry.revocations.list()).map(({ serial }) => serial));
  const added = issued.filter(({ serial }) => !known.has(serial));
  if (added.length === 0) return issued.length;
  const [revokedAtMs, member] = [systemClock.wallMs(), memberUri({ role: 'push-server', name })];
  await registry.revocations.add(
    added.map(({ serial, expiresAtMs }) => ({ serial, member, revokedAtMs, expiresAtMs })),
  );
  const reason = `push server ${name}: ${added.length === 1 ? 'its certificate is' : `${added.length} certificates are`} good no more`;
  await registry.events.append([{ kind: 'member-revoked', atMs: revokedAtMs, node: parseNodeId(name), reason }]);
  return issued.length - added.length;
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
