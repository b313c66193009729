import {
  type common,
  type DeviceLinkKind,
  packOperation,
  parseCommandId,
  parseDeviceId,
  parseGroupPath,
  parseLabels,
  parseNodeId,
  parseReachableHost,
  parseRole,
  unpackOperation,
} from '@pushfleet/protocol';
import type { AddressCheck, Priority, StoredCommand } from '@pushfleet/registry';
import { parseMemberUri, visibleText } from '@pushfleet/runtime';
import { z } from 'zod';
import { parsedBy } from '../options/parsed-by.ts';
import { CommandFailure } from '../output/failure.ts';

/** Raised where a program that knows an earlier one could not read a file any more. */
export const backupFormat = 2;
/** 1: without enrollment tokens and drains. */
const readFormats = [1, backupFormat] as const;

function read<Value>(parse: (value: unknown, field: string) => Value) {
  return z.unknown().transform(parsedBy(parse));
}

const time = z.iso.datetime('must be a time as in 2026-11-22T22:50:05.503Z').transform((text) => Date.parse(text));
const count = z.int('must be a whole number').min(0, 'must be 0 or more');
const group = read(parseGroupPath);
const operation: z.ZodType<common.Operation, string> = z
  .base64('must be base64')
  .transform((text) => unpackOperation(Buffer.from(text, 'base64')));

const header = z.strictObject({
  kind: z.literal('pushfleet-backup'),
  format: z.literal(readFormats, `must be ${readFormats.join(' or ')}; a newer version of pushfleet wrote it`),
  program: z.string(),
  writtenAt: time,
});

const pushServer = z.strictObject({
  enabled: z.boolean(),
  port: z.int().min(1).max(65_535),
  address: read(parseReachableHost),
  maxConnections: z.int().min(1),
  weight: z.int().min(1),
  addressCheck: z.enum(['on', 'warn', 'off'] satisfies AddressCheck[]).optional(),
});

const device = z.strictObject({
  kind: z.literal('device'),
  id: read(parseDeviceId),
  group,
  secretHash: z.string().regex(/^sha256\$[\w-]+\$[\w-]+$/, 'must be a hash of a secret: sha256$salt$hash'),
  labels: read(parseLabels),
  linkKinds: z.array(z.enum(['grpc', 'mqtt'] satisfies DeviceLinkKind[])),
});

const token = z.strictObject({
  kind: z.literal('token'),
  name: z.string().min(1),
  role: read(parseRole),
  scope: group.optional(),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  createdBy: z.string(),
  createdAt: time,
  expiresAt: time.optional(),
});

const enrollmentToken = z.strictObject({
  kind: z.literal('enrollmentToken'),
  id: z.string().regex(/^[0-9a-f]{16}$/, 'must be the id of an enrollment token, 16 hexadecimal digits'),
  group,
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  count: z.int().min(1),
  left: count,
  createdBy: z.string(),
  createdAt: time,
  expiresAt: time,
  revokedAt: time.optional(),
});

/** A push server that takes no devices, because somebody has drained it. */
const drain = z.strictObject({
  kind: z.literal('drain'),
  distributionPoint: read(parseNodeId),
  ratePerSecond: z.number().positive(),
  deadlineMs: z.number().min(0),
});

const command = z.strictObject({
  kind: z.literal('command'),
  device: read(parseDeviceId),
  id: read(parseCommandId),
  operation,
  priority: z.enum(['low', 'normal', 'high'] satisfies Priority[]),
  collapseKey: z.string(),
  idempotencyKey: z.string(),
  deliverBy: time,
  finishBy: time,
  /** It was on its way to the device, or there: the device may have seen it. */
  maybeSent: z.boolean(),
});

/** The certificate of a member that is good no more: it must stay so in the registry that takes the place of this one. */
const revocation = z.strictObject({
  kind: z.literal('revocation'),
  serial: z.string().regex(/^[0-9A-F]{1,64}$/, 'must be a serial number in upper-case hexadecimal digits'),
  member: z.string().refine((uri) => parseMemberUri(uri) !== undefined, 'must be the URI of a member of the cluster'),
  revokedAt: time,
  expiresAt: time,
});

const counts = z.strictObject({
  revocations: count.default(0),
  groups: count,
  distributionPoints: count,
  tokens: count,
  enrollmentTokens: count.default(0),
  devices: count,
  commands: count,
  drains: count.default(0),
});

const backupLine = z.discriminatedUnion('kind', [
  header,
  z.strictObject({ kind: z.literal('group'), path: group }),
  z.strictObject({
    kind: z.literal('distributionPoint'),
    id: read(parseNodeId),
    groups: z.array(group),
    pushServer,
  }),
  token,
  enrollmentToken,
  device,
  command,
  drain,
  revocation,
  z.strictObject({ kind: z.literal('end'), counts }),
]);

/** One line of a backup, times in Unix milliseconds. */
export type BackupLine = z.output<typeof backupLine>;
export type BackupCounts = z.output<typeof counts>;
export type BackedUpCommand = z.output<typeof command>;

/** In the order in which people are told. */
export const noCounts: Readonly<BackupCounts> = {
  groups: 0,
  distributionPoints: 0,
  drains: 0,
  devices: 0,
  tokens: 0,
  enrollmentTokens: 0,
  commands: 0,
  revocations: 0,
};

/** The count that a line adds to. `undefined`: none. */
export function counted(line: BackupLine): keyof BackupCounts | undefined {
  return line.kind === 'pushfleet-backup' || line.kind === 'end' ? undefined : `${line.kind}s`;
}

/** @throws CommandFailure that names the line and the field, and shows no hash */
export function parseBackupLine(text: string, place: string): BackupLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure(`${place}: no JSON; a backup has one object on each line`, { cause });
  }
  const { data, error } = backupLine.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  const field = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new CommandFailure(`${place}: ${visibleText(`${field}${issue?.message}`)}`);
}

/** A line as it is written; times as texts, and operations in base64. */
export type WrittenLine = z.input<typeof backupLine>;

export function toCommandLine(stored: StoredCommand): WrittenLine {
  const { device, id, priority, collapseKey, idempotencyKey, deliverByMs, finishByMs, status } = stored;
  return {
    ...{ kind: 'command', device, id, priority, collapseKey, idempotencyKey },
    operation: packOperation(stored.operation).toString('base64'),
    deliverBy: toTime(deliverByMs),
    finishBy: toTime(finishByMs),
    maybeSent: status.outcome !== 'OUTCOME_QUEUED',
  };
}

export function toTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
