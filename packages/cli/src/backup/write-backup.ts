import type { DeviceId } from '@pushfleet/protocol';
import type { Registry, StoredDevice } from '@pushfleet/registry';
import { createLimiter, readProgramVersion, systemClock } from '@pushfleet/runtime';
import { type BackupCounts, backupFormat, noCounts, toCommandLine, toTime, type WrittenLine } from './backup-line.ts';

/** A page of devices is in memory at a time, and their commands. */
const pageDevices = 500;
const readsAtOnce = 32;

type Source = Pick<Registry, 'fleet' | 'apiTokens' | 'commands' | 'revocations'>;

/**
 * Yields what the registry holds, line by line, while the cluster goes on: each revocation, group, distribution point, device, token and
 * command as it is when it is read. The last line counts the others, so that a file which was cut off is known by it.
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
  }
  for (const { createdAtMs, expiresAtMs, ...token } of await registry.apiTokens.list()) {
    counts.tokens += 1;
    const expiry = expiresAtMs === undefined ? {} : { expiresAt: toTime(expiresAtMs) };
    yield { kind: 'token', ...token, createdAt: toTime(createdAtMs), ...expiry };
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
