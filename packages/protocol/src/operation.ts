import { invalidArgument, PushfleetError } from './error.ts';
import type { Operation, OperationInit } from './gen/common.ts';
import { cutText, limits } from './limits.ts';
import { parsePeriod } from './time-fields.ts';

/** The operations, and how each is named in topics, logs and commands of the CLI. */
export const operationNames = {
  forceSync: 'force_sync',
  runTask: 'run_task',
  stopTask: 'stop_task',
  getStatistics: 'get_statistics',
  openTunnel: 'open_tunnel',
  custom: 'custom',
} as const satisfies Record<NonNullable<Operation['kind']>, string>;
export type OperationKind = keyof typeof operationNames;
export type OperationName = (typeof operationNames)[OperationKind];

const kinds = Object.keys(operationNames) as OperationKind[];
/** open_tunnel is no operation that a caller may push: it needs a token. */
const pushable = kinds.filter((kind) => kind !== 'openTunnel');

export function operationKind(operation: Operation): OperationKind {
  if (operation.kind === undefined)
    throw invalidArgument('operation', `one of ${Object.values(operationNames).join(', ')}`);
  return operation.kind;
}

/** The name by which a device declares the operation: `force_sync`, `custom:reboot`. */
export function declaredName(operation: Operation): string {
  const name = operationNames[operationKind(operation)];
  return operation.custom ? `${name}:${operation.custom.name}` : name;
}

/** `undefined`: no operation of this name. */
export function parseOperationName(name: string): OperationKind | undefined {
  return kinds.find((kind) => operationNames[kind] === name);
}

/**
 * An operation that an Administration Server may push, within its limits.
 * @throws PushfleetError INVALID_ARGUMENT, PAYLOAD_TOO_LARGE
 */
export function parseOperation(operation: Operation | OperationInit | null | undefined): Operation {
  const given = (operation ?? {}) as Operation;
  const kind = pushable.find((one) => given[one]);
  if (kind === undefined) {
    const rule = `one of ${pushable.map((one) => operationNames[one]).join(', ')}`;
    throw invalidArgument('operation', given.openTunnel ? `${rule}; TunnelService.Open opens tunnels` : rule);
  }
  assertWithinLimits(given);
  return { kind, [kind]: given[kind] };
}

function assertWithinLimits({ forceSync, runTask, stopTask, getStatistics, custom }: Operation): void {
  if (forceSync) assertBytes('operation.force_sync.reason', forceSync.reason, limits.reasonChars);
  if (runTask) {
    assertName('operation.run_task.task_id', runTask.taskId);
    assertParameters(runTask.parameters);
  }
  if (stopTask) assertName('operation.stop_task.task_id', stopTask.taskId);
  if (getStatistics) assertStatistics(getStatistics);
  if (custom) {
    assertName('operation.custom.name', custom.name);
    assertPayload(custom.payload);
  }
}

function assertName(field: string, name: string): void {
  if (!/^[A-Za-z0-9._:-]{1,128}$/.test(name)) throw invalidArgument(field, '1 to 128 of A-Z a-z 0-9 . _ : -');
}

function assertBytes(field: string, text: string, maxBytes: number): void {
  if (Buffer.byteLength(text) > maxBytes) throw invalidArgument(field, `at most ${maxBytes} bytes`);
}

function assertParameters(parameters: Record<string, string>): void {
  const field = 'operation.run_task.parameters';
  const entries = Object.entries(parameters);
  if (entries.length > limits.taskParameters) throw invalidArgument(field, `at most ${limits.taskParameters}`);
  for (const [key, value] of entries) {
    if (key === '' || Buffer.byteLength(key) > limits.taskParameterKeyBytes) {
      throw invalidArgument(field, `a map with keys of 1 to ${limits.taskParameterKeyBytes} bytes`);
    }
    if (Buffer.byteLength(value) > limits.taskParameterBytes) {
      throw invalidArgument(field, `a map with values of at most ${limits.taskParameterBytes} bytes${atKey(key)}`);
    }
  }
}

/** Keys are the caller's: they go into the message, never into the name of the field. */
function atKey(key: string): string {
  return `; see ${JSON.stringify(cutText(key, 64))}`;
}

function assertStatistics({ applicationId, counters, intervalMs }: NonNullable<Operation['getStatistics']>): void {
  const field = 'operation.get_statistics';
  assertName(`${field}.application_id`, applicationId);
  if (counters.length > limits.counters) throw invalidArgument(`${field}.counters`, `at most ${limits.counters}`);
  for (const counter of counters) assertBytes(`${field}.counters`, counter, limits.taskParameterKeyBytes);
  const { statisticsIntervalMinMs: leastMs, statisticsIntervalMaxMs: mostMs } = limits;
  parsePeriod(intervalMs, `${field}.interval`, { leastMs, mostMs, fallbackMs: 0, absent: 'one answer' });
}

function assertPayload(payload: Uint8Array | string): void {
  if (payload.length <= limits.payloadBytes) return;
  const field = 'operation.custom.payload';
  throw new PushfleetError('PAYLOAD_TOO_LARGE', `${field}: must be at most ${limits.payloadBytes} bytes`, { field });
}

/** The weight of an operation in queues, in bytes: its payload, and something for the rest of it. */
export function operationBytes({ custom, runTask, openTunnel, getStatistics }: Operation): number {
  const envelope = 256;
  if (custom) return envelope + custom.payload.length;
  if (openTunnel) return envelope + openTunnel.token.length;
  if (runTask) return bytesOf(Object.entries(runTask.parameters).flat(), envelope);
  return getStatistics ? bytesOf(getStatistics.counters, envelope) : envelope;
}

function bytesOf(texts: readonly string[], envelope: number): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 4, envelope);
}
