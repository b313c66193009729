import { type CommandId, type DeviceId, isConfirmed, unpackOperation } from '@pushfleet/protocol';
import { outcomeOf, priorities } from '../command-state.ts';
import type { NewCommand, StoredCommand, StoredStatus, TakenCommand } from '../commands.ts';
import type { SessionRef } from '../sessions.ts';
import { orderSpan, readStateField, readStateNode } from './lua-prelude.ts';
import { decodeSession } from './sessions.ts';

/** The reply of a script: text and bytes as Buffers. */
export type Reply = (Buffer | number | null)[];

export function text(reply: Buffer | number | null | undefined): string {
  return reply === null || reply === undefined ? '' : reply.toString();
}

export function decodeOpenSession(reply: Reply): SessionRef | undefined {
  return decodeSession(reply.map((field) => (field === null ? null : text(field))));
}

/** A command that has just been written, at `atMs`: all of it is known, so that it is not read. */
export function queuedAt(command: NewCommand, atMs: number): StoredCommand {
  const { id, device, operation, priority, collapseKey, idempotencyKey, ttlMs, finishWithinMs } = command;
  return {
    ...{ id, device, operation, priority, collapseKey, idempotencyKey },
    nodeId: '',
    acceptedAtMs: atMs,
    deliverByMs: atMs + ttlMs,
    finishByMs: atMs + finishWithinMs,
    status: { outcome: 'OUTCOME_QUEUED', reason: '', atMs },
  };
}

export function routedAt(command: NewCommand, atMs: number, { nodeId }: SessionRef): StoredCommand {
  const stored = queuedAt(command, atMs);
  stored.nodeId = nodeId;
  stored.routedAtMs = atMs;
  stored.status.outcome = 'OUTCOME_ROUTED';
  return stored;
}

/** Reads a reply of `describe` in lua/commands.lua; `undefined`: there is no such command. */
export function decodeCommand(device: DeviceId, reply: Reply): StoredCommand | undefined {
  const [id, packed, , , , , , operation, collapseKey, idempotencyKey] = reply;
  const status = decodeStatus(reply);
  if (!status || !packed) return undefined;
  const state = decodeState(packed as Buffer);
  return {
    id: text(id) as CommandId,
    device,
    operation: unpackOperation(operation as Buffer),
    priority: state.priority,
    collapseKey: text(collapseKey),
    idempotencyKey: text(idempotencyKey),
    ...timesOf(state),
    status,
  };
}

/** Reads a reply of `describe_status` in lua/commands.lua. */
export function decodeStatus([, packed, reason, progress, statistics, endedBefore, output]: Reply):
  | StoredStatus
  | undefined {
  if (!packed) return undefined;
  return {
    ...statusOf(decodeState(packed as Buffer)),
    reason: text(reason),
    ...(output ? { output: output as Buffer } : {}),
    ...(progress ? { progress: JSON.parse(text(progress)) } : {}),
    ...(statistics ? { statistics: JSON.parse(text(statistics)) } : {}),
    ...(endedBefore ? { alreadyEnded: true } : {}),
  };
}

export function decodeTaken(
  id: string,
  packed: Buffer,
  operation: Buffer,
  nowMs: number,
): Omit<TakenCommand, 'failedBefore'> {
  const state = decodeState(packed);
  const finishWithinMs = Math.max(1, state.finishByMs - nowMs);
  return {
    id: id as CommandId,
    operation: unpackOperation(operation),
    deliverWithinMs: isConfirmed(state.outcome) ? finishWithinMs : Math.max(1, state.deliverByMs - nowMs),
    finishWithinMs,
    redelivered: state.maybeSent,
    cancelRequested: state.cancelRequested,
  };
}

/** The fields of a stored state that callers see. */
function decodeState(packed: Buffer) {
  const read = (name: Parameters<typeof readStateField>[1]) => readStateField(packed, name);
  return {
    outcome: outcomeOf(read('outcome')),
    priority: priorities[Math.floor(read('rank') / orderSpan.priority)] ?? 'normal',
    acceptedAtMs: read('accepted'),
    deliverByMs: read('deliver_by'),
    finishByMs: read('finish_by'),
    atMs: read('at'),
    routedAtMs: read('routed'),
    deliveredAtMs: read('delivered'),
    runningAtMs: read('running'),
    maybeSent: read('maybe_sent') === 1,
    cancelRequested: read('cancel') === 1,
    nodeId: readStateNode(packed),
  };
}

type State = ReturnType<typeof decodeState>;

function statusOf({ outcome, atMs, cancelRequested }: State): StoredStatus {
  return { outcome, reason: '', atMs, ...(cancelRequested ? { cancelRequested } : {}) };
}

function timesOf(state: State) {
  const { nodeId, acceptedAtMs, deliverByMs, finishByMs, routedAtMs, deliveredAtMs, runningAtMs } = state;
  return {
    nodeId,
    acceptedAtMs,
    deliverByMs,
    finishByMs,
    ...(routedAtMs ? { routedAtMs } : {}),
    ...(deliveredAtMs ? { deliveredAtMs } : {}),
    ...(runningAtMs ? { runningAtMs } : {}),
  };
}
