import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { KeptEnrollmentToken, Registry, StoredDevice } from '@pushfleet/registry';
import { createLimiter, readProgramVersion, systemClock } from '@pushfleet/runtime';
import { type BackupCounts, backupFormat, noCounts, toCommandLine, toTime, type WrittenLine } from './backup-line.ts';

/** A page of devices is in memory at a time, and their commands. */
const pageDevices = 500;
const readsAtOnce = 32;

type Source = Pick<Registry, 'fleet' | 'apiTokens' | 'commands' | 'enrollmentTokens' | 'maintenance' | 'revocations'>;

/**
 * Yields what the registry holds, line by line, while the cluster goes on: each revocation, group, distribution point, drain, token,
 * device and command as it is when it is read. The last line counts the others, so that a file which was cut off is known by it.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
export async function* writeBackup(registry: Source): AsyncGenerator<WrittenLine, BackupCounts, undefined> {
  const counts = { ...noCounts };
  const now = systemClock.wallMs();
  yield { kind: 'pushfleet-backup', format: backupFormat, program: readProgramVersion(), writtenAt: toTime(now) };
  for (const { revokedAtMs, expiresAtMs, ...revocation } of await registry.revocations.list()) {
    counts.revocations += 1;
    yield { kind: 'revocation', ...revocation, revokedAt: toTime(revokedAtMs), expiresAt: toTime(expiresAtMs) };
  }
  for (const path of await registry.fleet.listGroups()) {
    counts.groups += 1;
    yield { kind: 'group', path };
  }
  for (const point of await registry.fleet.listDistributionPoints()) {
    counts.distributionPoints += 1;
    yield { kind: 'distributionPoint', ...point };
    const drain = await drainOf(registry, point.id);
    if (!drain) continue;
    counts.drains += 1;
    yield drain;
  }
  for (const { createdAtMs, expiresAtMs, ...token } of await registry.apiTokens.list()) {
    counts.tokens += 1;
    const expiry = expiresAtMs === undefined ? {} : { expiresAt: toTime(expiresAtMs) };
    yield { kind: 'token', ...token, createdAt: toTime(createdAtMs), ...expiry };
  }
  for (const token of await registry.enrollmentTokens.list()) {
    counts.enrollmentTokens += 1;
    yield toEnrollmentTokenLine(token);
  }
  for await (const page of devicePages(registry.fleet)) {
    counts.devices += page.length;
    yield* page.map(toDeviceLine);
    const commands = await commandsOf(registry, page);
    counts.commands += commands.length;
    yield* commands;
  }
  yield { kind: 'end', counts };
  return counts;
}

/** `undefined`: the push server takes devices. One that restarts is not drained. */
async function drainOf({ maintenance }: Source, distributionPoint: NodeId): Promise<WrittenLine | undefined> {
  const last = await maintenance.get(distributionPoint);
  if (last?.kind !== 'drain') return undefined;
  const { ratePerSecond, deadlineMs } = last;
  return { kind: 'drain', distributionPoint, ratePerSecond, deadlineMs };
}

function toEnrollmentTokenLine(token: KeptEnrollmentToken): WrittenLine {
  const { createdAtMs, expiresAtMs, revokedAtMs, ...rest } = token;
  const revoked = revokedAtMs === undefined ? {} : { revokedAt: toTime(revokedAtMs) };
  return {
    ...{ kind: 'enrollmentToken', ...rest, createdAt: toTime(createdAtMs), expiresAt: toTime(expiresAtMs) },
    ...revoked,
  };
}

async function* devicePages(fleet: Registry['fleet']): AsyncGenerator<StoredDevice[], void, undefined> {
  let after: DeviceId | undefined;
  for (;;) {
    const page = await fleet.listDevices({ includeSubgroups: true, limit: pageDevices, ...(after ? { after } : {}) });
    yield page;
    after = page.at(-1)?.id;
    if (page.length < pageDevices) return;
  }
}

function toDeviceLine({ id, group, secretHash, labels, linkKinds }: StoredDevice): WrittenLine {
  return { kind: 'device', id, group, secretHash, labels, linkKinds };
}

/** Those that have not ended, device by device in the order in which they are sent. */
async function commandsOf({ commands }: Source, page: readonly StoredDevice[]): Promise<WrittenLine[]> {
  const limit = createLimiter(readsAtOnce);
  const lists = await Promise.all(page.map(({ id }) => limit(() => commands.list(id))));
  return lists.flat().map(toCommandLine);
}
