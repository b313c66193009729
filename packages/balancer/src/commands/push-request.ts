import { createHash, type Hash, randomUUID } from 'node:crypto';
import {
  type admin,
  type common,
  durableCommandId,
  invalidArgument,
  isDurable,
  limits,
  parseCommandId,
  parseDeviceId,
  parseOperation,
  parsePeriod,
} from '@pushfleet/protocol';
import type { Priority } from '@pushfleet/registry';
import type { CommandIds } from './command-id.ts';
import type { CommandTerms, QueueTerms, Step, Submission } from './engine.ts';

/** A PushRequest, validated and with its defaults. */
export interface ParsedPush extends Submission {
  /** The step at which the caller wants its answer, unless the command ends earlier. */
  step: Step;
}

type AskedQueueing = Pick<admin.PushRequest, 'priority' | 'collapseKey' | 'idempotencyKey'>;

/** The part of a PushRequest that says what is asked of a device, and how. */
export type AskedTerms = AskedQueueing &
  Pick<admin.PushRequest, 'operation' | 'ttlMs' | 'deliverWithinMs' | 'finishWithinMs'>;

const steps: Readonly<Record<admin.Wait, Step>> = {
  WAIT_UNSPECIFIED: 'finished',
  WAIT_ACCEPTED: 'accepted',
  WAIT_DELIVERED: 'delivered',
  WAIT_FINISHED: 'finished',
};

/**
 * @param ids Makes the id of a direct command whose caller has chosen none.
 * @throws PushfleetError INVALID_ARGUMENT, PAYLOAD_TOO_LARGE
 */
export function parsePush(request: admin.PushRequest | null | undefined, ids: Pick<CommandIds, 'next'>): ParsedPush {
  if (!request) throw invalidArgument('push', 'there');
  const device = parseDeviceId(request.deviceId);
  const { operation, deliverWithinMs, finishWithinMs, queueing } = parseTerms(request);
  const { id, hasChosenId } = parseId(request, ids);
  const step = parseWait(request.wait);
  return { device, id, hasChosenId, step, operation, deliverWithinMs, finishWithinMs, queueing };
}

/**
 * Reads the terms of a command, whichever its device. Those of durable commands have `queueing`, no others.
 * @throws PushfleetError INVALID_ARGUMENT, PAYLOAD_TOO_LARGE
 */
export function parseTerms(request: AskedTerms): CommandTerms {
  return request.ttlMs === 0 ? parseDirect(request) : parseDurable(request);
}

function parseDirect(request: AskedTerms): CommandTerms {
  refuseQueueTerms(request);
  const deliverWithinMs = parsePeriod(request.deliverWithinMs, 'deliver_within', {
    mostMs: limits.deliverWithinMaxMs,
    fallbackMs: limits.deliverWithinDefaultMs,
  });
  const finishWithinMs = parsePeriod(request.finishWithinMs, 'finish_within', {
    leastMs: deliverWithinMs,
    mostMs: limits.finishWithinMaxMs,
    fallbackMs: Math.max(limits.finishWithinDefaultMs, deliverWithinMs),
  });
  return { operation: parseOperation(request.operation), deliverWithinMs, finishWithinMs };
}

function parseDurable(request: AskedTerms): CommandTerms {
  const { ttlMaxMs, durableFinishWithinMaxMs: mostMs, durableFinishDefaultMs } = limits;
  const ttlMs = parsePeriod(request.ttlMs, 'ttl', { mostMs: ttlMaxMs, absent: 'a direct command' });
  if (request.deliverWithinMs !== 0) {
    throw invalidArgument('deliver_within', 'absent where ttl says how long the command waits');
  }
  const finishWithinMs = parsePeriod(request.finishWithinMs, 'finish_within', {
    leastMs: ttlMs,
    mostMs,
    fallbackMs: Math.min(ttlMs + durableFinishDefaultMs, mostMs),
  });
  const operation = parseOperation(request.operation);
  return {
    operation,
    deliverWithinMs: ttlMs,
    finishWithinMs,
    queueing: parseQueueTerms(request, operation),
  };
}

/** The id says of which kind a command is, to whoever sees it. */
function parseId(
  { commandId, ttlMs }: admin.PushRequest,
  ids: Pick<CommandIds, 'next'>,
): Pick<Submission, 'id' | 'hasChosenId'> {
  const isTimed = ttlMs > 0;
  if (commandId === '') {
    return { id: isTimed ? durableCommandId(randomUUID()) : ids.next(), hasChosenId: false };
  }
  const id = parseCommandId(commandId);
  if (isDurable(id) === isTimed) return { id, hasChosenId: true };
  throw invalidArgument('command_id', isTimed ? 'one that begins with "d-", where ttl is set' : directIdRule);
}

const directIdRule = 'one that does not begin with "d-", unless ttl is set';

/** A value that the proto file does not have arrives as its number. */
function parseWait(wait: admin.Wait): Step {
  const step = steps[wait] as Step | undefined;
  if (step === undefined) throw invalidArgument('wait', `one of ${Object.keys(steps).join(', ')}`);
  return step;
}

const priorities: Readonly<Record<admin.Priority, Priority>> = {
  PRIORITY_UNSPECIFIED: 'normal',
  PRIORITY_LOW: 'low',
  PRIORITY_NORMAL: 'normal',
  PRIORITY_HIGH: 'high',
};

/** Ten force_syncs that wait become one. */
const forceSyncKey = 'force_sync';
const directRule = 'absent in a direct command; ttl makes it a durable one';

function parseQueueTerms(
  { priority, collapseKey, idempotencyKey }: AskedQueueing,
  operation: common.Operation,
): QueueTerms {
  assertKey('collapse_key', collapseKey);
  assertKey('idempotency_key', idempotencyKey);
  return {
    priority: parsePriority(priority),
    collapseKey: collapseKey === '' && operation.kind === 'forceSync' ? forceSyncKey : collapseKey,
    idempotencyKey,
  };
}

/** @throws PushfleetError INVALID_ARGUMENT: a direct command says what is of no meaning to it. */
function refuseQueueTerms({ priority, collapseKey, idempotencyKey }: AskedQueueing): void {
  if (priority !== 'PRIORITY_UNSPECIFIED') throw invalidArgument('priority', directRule);
  if (collapseKey !== '') throw invalidArgument('collapse_key', directRule);
  if (idempotencyKey !== '') throw invalidArgument('idempotency_key', directRule);
}

/** A value that the proto file does not have arrives as its number. */
function parsePriority(asked: admin.Priority): Priority {
  const priority = priorities[asked] as Priority | undefined;
  if (priority === undefined) throw invalidArgument('priority', `one of ${Object.keys(priorities).join(', ')}`);
  return priority;
}

function assertKey(field: string, key: string): void {
  if (Buffer.byteLength(key) > limits.keyBytes) throw invalidArgument(field, `at most ${limits.keyBytes} bytes`);
}

/**
 * Tells requests apart that carry the same idempotency key or id: equal for equal values, whatever the order of the keys
 * of their objects; bytes count by their content. 22 characters.
 */
export function fingerprint(value: unknown): string {
  const hash = createHash('sha256');
  feed(hash, value);
  return hash.digest().subarray(0, 16).toString('base64url');
}

/** Everything says its kind and size first, so that no two values feed the same bytes. */
function feed(hash: Hash, value: unknown): void {
  if (value instanceof Uint8Array) hash.update(`bytes ${value.length}\n`).update(value);
  else if (typeof value === 'string') hash.update(`text ${Buffer.byteLength(value)}\n${value}`);
  else if (typeof value === 'object' && value !== null) feedFields(hash, value);
  else hash.update(`${typeof value} ${String(value)}\n`);
}

function feedFields(hash: Hash, value: object): void {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  hash.update(`fields ${fields.length}\n`);
  for (const [name, field] of fields.sort(([a], [b]) => (a < b ? -1 : 1))) {
    feed(hash, name);
    feed(hash, field);
  }
}
