import type { DeviceId } from '@pushfleet/protocol';
import type { Registry, StoredDevice } from '@pushfleet/registry';
import { createLimiter, readProgramVersion, systemClock } from '@pushfleet/runtime';
import { type BackupCounts, backupFormat, noCounts, toCommandLine, toTime, type WrittenLine } from './backup-line.ts';

/** A page of devices is in memory at a time, and their commands. */
const pageDevices = 500;
const readsAtOnce = 32;

type Source = Pick<Registry, 'fleet' | 'apiTokens' | 'commands'>;

/**
 * Yields what the registry holds, line by line, while the cluster goes on: each group, distribution point, device, token and
 * command as it is when it is read. The last line counts the others, so that a file which was cut off is known by it.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
export async function* writeBackup(registry: Source): AsyncGenerator<WrittenLine, BackupCounts, undefined> {
  const counts = { ...noCounts };
  const now = systemClock.wallMs();
  yield { kind: 'pushfleet-backup', format: backupFormat, program: readProgramVersion(), writtenAt: toTime(now) };
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
  for await (const { id, group, secretHash, labels, linkKinds } of listDevices(registry)) {
    counts.devices += 1;
    yield { kind: 'device', id, group, secretHash, labels, linkKinds };
  }
  for await (const line of listCommands(registry)) {
    counts.commands += 1;
    yield line;
  }
  yield { kind: 'end', counts };
  return counts;
}

async function* listDevices({ fleet }: Pick<Registry, 'fleet'>): AsyncGenerator<StoredDevice, void, undefined> {
  let after: DeviceId | undefined;
  for (;;) {
    const page = await fleet.listDevices({ includeSubgroups: true, limit: pageDevices, ...(after ? { after } : {}) });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < pageDevices) return;
  }
}

/** Those that have not ended, device by device in the order in which they are sent. */
async function* listCommands({ fleet, commands }: Source): AsyncGenerator<WrittenLine, void, undefined> {
  const limit = createLimiter(readsAtOnce);
  let page: DeviceId[] = [];
  const read = () => Promise.all(page.map((device) => limit(() => commands.list(device))));
  for await (const { id } of listDevices({ fleet })) {
    page.push(id);
    if (page.length < pageDevices) continue;
    for (const of of await read()) yield* of.map(toCommandLine);
    page = [];
  }
  for (const of of await read()) yield* of.map(toCommandLine);
}
