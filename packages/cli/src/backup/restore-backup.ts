import { open } from 'node:fs/promises';
import type { GroupPath } from '@pushfleet/protocol';
import type { ApiTokenRecord, Device, DistributionPoint, NewCommand, QueuePolicy, Registry } from '@pushfleet/registry';
import { type Revocation, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import {
  type BackedUpCommand,
  type BackupCounts,
  type BackupLine,
  counted,
  noCounts,
  parseBackupLine,
} from './backup-line.ts';

const batchLines = 500;
const largestLineChars = 16 * 1024 * 1024;
/** They were accepted before; here none is refused for the length of its queue. */
const policy: QueuePolicy = { maxCommands: 1_000_000, maxBytes: 2 ** 40, window: 16, keepEndedMs: 86_400_000 };

type Target = Pick<Registry, 'fleet' | 'apiTokens' | 'commands' | 'enrollmentTokens' | 'maintenance' | 'revocations'>;

export interface RestoreOptions {
  /** Whether what the registry holds already stays, and is replaced where the backup has the same. */
  merge: boolean;
}

export interface RestoreResult {
  restored: BackupCounts;
  /** Commands whose time had passed. */
  expired: number;
}

/**
 * Writes what a backup holds into a registry. All of it is read and checked before the first write. It can be run again
 * where it was interrupted: with `merge`, nothing is written twice.
 * @throws CommandFailure that names the line where the file is not whole or not good; PushfleetError REGISTRY_UNAVAILABLE
 */
export async function restoreBackup(registry: Target, file: string, { merge }: RestoreOptions): Promise<RestoreResult> {
  const tokens = await checkFile(file);
  if (!merge) await refuseUnlessEmpty(registry);
  await refuseOtherTokens(registry, tokens);
  const restored = { ...noCounts };
  let expired = 0;
  const putGroup = putGroupsOnce(registry.fleet);
  for await (const lines of batches(readLines(file))) {
    await registry.revocations.add(lines.flatMap((line) => (line.kind === 'revocation' ? toRevocation(line) : [])));
    await putEntities(registry, lines, putGroup);
    const devices = lines.filter((line) => line.kind === 'device');
    for (const { group } of devices) await putGroup(group);
    await registry.fleet.putDevices(devices.map(toDevice), () => {});
    const given = lines.filter((line) => line.kind === 'command');
    const commands = given.flatMap((command) => toNewCommand(command, systemClock.wallMs()) ?? []);
    expired += given.length - commands.length;
    const [failed] = (await registry.commands.putMany(commands, policy)).filter((result) => result.kind === 'failed');
    if (failed) throw failed.error;
    for (const line of lines) {
      const count = counted(line);
      if (count) restored[count] += 1;
    }
  }
  restored.commands -= expired;
  return { restored, expired };
}

type PutGroup = (path: GroupPath) => Promise<void>;

/** Groups are named by what is in them, too: each is written once. */
function putGroupsOnce(fleet: Registry['fleet']): PutGroup {
  const put = new Set<GroupPath>();
  return async (path) => {
    if (put.has(path)) return;
    await fleet.putGroup(path);
    put.add(path);
  };
}

/** The tokens of a file that is whole and good. */
async function checkFile(file: string): Promise<ApiTokenRecord[]> {
  const found = { ...noCounts };
  const tokens: ApiTokenRecord[] = [];
  let last: BackupLine | undefined;
  for await (const line of readLines(file)) {
    if ((last === undefined) !== (line.kind === 'pushfleet-backup')) {
      throw new CommandFailure(`${file}: its first line, and no other, must be that of a backup`);
    }
    if (last?.kind === 'end') throw new CommandFailure(`${file}: goes on after its end`);
    const count = counted(line);
    if (count) found[count] += 1;
    if (line.kind === 'token') tokens.push(toToken(line));
    last = line;
  }
  if (last?.kind !== 'end')
    throw new CommandFailure(`${file}: is not whole, because its last line is not the end; nothing was restored`);
  for (const [name, number] of Object.entries(last.counts)) {
    const there = found[name as keyof BackupCounts];
    if (there === number) continue;
    throw new CommandFailure(
      `${file}: is not whole: ${there} ${name}, where its end says ${number}; nothing was restored`,
    );
  }
  return tokens;
}

async function refuseUnlessEmpty({ fleet, apiTokens, enrollmentTokens }: Target): Promise<void> {
  const [groups, points, devices, tokens, enrollment] = await Promise.all([
    fleet.listGroups(),
    fleet.listDistributionPoints(),
    fleet.listDevices({ includeSubgroups: true, limit: 1 }),
    apiTokens.list(),
    enrollmentTokens.list(),
  ]);
  const found = { groups, 'distribution points': points, devices, tokens, 'enrollment tokens': enrollment };
  const there = Object.entries(found).filter(([, all]) => all.length > 0);
  if (there.length === 0) return;
  const names = there.map(([name]) => name).join(', ');
  throw new CommandFailure(
    `the registry has ${names} already; restore into an empty one, or say --merge to keep them and replace what the backup has, too`,
  );
}

/** A name stands for one token: what somebody holds must not get other rights by a backup. */
async function refuseOtherTokens({ apiTokens }: Target, tokens: readonly ApiTokenRecord[]): Promise<void> {
  const known = new Map((await apiTokens.list()).map((token) => [token.name, token]));
  const other = tokens.find(({ name, hash }) => known.has(name) && known.get(name)?.hash !== hash);
  if (other)
    throw new CommandFailure(`the registry has another token of the name "${other.name}"; revoke one of the two`);
}

async function putEntities(registry: Target, lines: readonly BackupLine[], putGroup: PutGroup): Promise<void> {
  for (const line of lines) {
    if (line.kind === 'group') await putGroup(line.path);
    if (line.kind === 'token') await registry.apiTokens.create(toToken(line));
    if (line.kind === 'enrollmentToken') {
      await putGroup(line.group);
      await putEnrollmentToken(registry, line);
    }
    if (line.kind === 'distributionPoint') {
      for (const group of line.groups) await putGroup(group);
      await registry.fleet.putDistributionPoint(toDistributionPoint(line));
    }
    if (line.kind === 'drain') {
      const { distributionPoint, ratePerSecond, deadlineMs } = line;
      await registry.maintenance.request(distributionPoint, { kind: 'drain', ratePerSecond, deadlineMs });
    }
  }
}

function toDistributionPoint(line: Extract<BackupLine, { kind: 'distributionPoint' }>): DistributionPoint {
  const {
    kind: _,
    pushServer: { addressCheck, ...pushServer },
    ...point
  } = line;
  return { ...point, pushServer: { ...pushServer, ...(addressCheck ? { addressCheck } : {}) } };
}

/** One that is there keeps its count: what devices have taken of it since the backup is not given back. */
async function putEnrollmentToken(
  { enrollmentTokens }: Target,
  line: Extract<BackupLine, { kind: 'enrollmentToken' }>,
): Promise<void> {
  const { kind: _, createdAt: createdAtMs, expiresAt: expiresAtMs, revokedAt, ...token } = line;
  if (!(await enrollmentTokens.get(token.id))) {
    const created = await enrollmentTokens.create({ ...token, createdAtMs, expiresAtMs }, systemClock.wallMs());
    if (created === 'full') throw new CommandFailure('the registry has no room for another enrollment token');
  }
  if (revokedAt !== undefined) await enrollmentTokens.revoke(token.id, revokedAt);
}

function toRevocation(line: Extract<BackupLine, { kind: 'revocation' }>): Revocation {
  const { kind: _, revokedAt: revokedAtMs, expiresAt: expiresAtMs, ...revocation } = line;
  return { ...revocation, revokedAtMs, expiresAtMs };
}

function toToken(line: Extract<BackupLine, { kind: 'token' }>): ApiTokenRecord {
  const { kind: _, createdAt: createdAtMs, expiresAt: expiresAtMs, scope, ...token } = line;
  return { ...token, createdAtMs, ...(expiresAtMs === undefined ? {} : { expiresAtMs }), ...(scope ? { scope } : {}) };
}

function toDevice({ kind: _, ...device }: Extract<BackupLine, { kind: 'device' }>): Device {
  return device;
}

/** `undefined`: its time has passed. One that may have been sent keeps its id, by which the device knows it again, and is not collapsed any more. */
function toNewCommand(command: BackedUpCommand, nowMs: number): NewCommand | undefined {
  const { kind: _, deliverBy, finishBy, maybeSent, collapseKey, ...rest } = command;
  const ttlMs = deliverBy - nowMs;
  if (ttlMs <= 0) return undefined;
  const finishWithinMs = Math.max(ttlMs, finishBy - nowMs);
  return { ...rest, collapseKey: maybeSent ? '' : collapseKey, fingerprint: '', ttlMs, finishWithinMs };
}

async function* readLines(file: string): AsyncGenerator<BackupLine, void, undefined> {
  await using handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot read ${file} (${cause.code})`, { cause });
  });
  let number = 0;
  for await (const text of handle.readLines()) {
    number += 1;
    const place = `${file}, line ${number}`;
    if (text.length > largestLineChars)
      throw new CommandFailure(`${place}: longer than 16 MiB; no line of a backup is`);
    if (text.trim() !== '') yield parseBackupLine(text, place);
  }
}

/** Commands of a device are in one batch, or in several in their order. */
async function* batches<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[], void, undefined> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchLines) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
