import { type CommandId, type DeviceId, unpackOperation } from '@pushfleet/protocol';
import { outcomeOf, priorities } from '../command-state.ts';
import type { NewCommand, StoredCommand, StoredStatus, TakenCommand } from '../commands.ts';
import type { SessionRef } from '../sessions.ts';
import { decodeSession } from './sessions.ts';

/** What a script answers: text and bytes as Buffers. */
export type Reply = (Buffer | number | null)[];

/** Of the fields of a state, in lua/commands.lua, those that callers see. */
interface State {
  outcome: number;
  rank: number;
  acceptedAtMs: number;
  deliverByMs: number;
  finishByMs: number;
  atMs: number;
  routedAtMs: number;
  deliveredAtMs: number;
  runningAtMs: number;
  maybeSent: boolean;
  cancelRequested: boolean;
  nodeId: string;
}

/** Priority and place are one number; see lua/commands.lua. */
const ofPriority = 1e14;

export function text(reply: Buffer | number | null | undefined): string {
  return reply === null || reply === undefined ? '' : reply.toString();
}

export function decodeOpenSession(reply: Reply): SessionRef | undefined {
  return decodeSession(reply.map((field) => (field === null ? null : text(field))));
}

/** Of a command that has just been written, at `atMs`: all of it is known. */
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

/** As `describe` in lua/commands.lua; `undefined`: there is none. */
export function decodeCommand(device: DeviceId, reply: Reply): StoredCommand | undefined {
  const [id, packed, , , , , , operation, collapseKey, idempotencyKey] = reply;
  const status = decodeStatus(reply);
  if (!status || !packed) return undefined;
  const state = decodeState(packed as Buffer);
  return {
    id: text(id) as CommandId,
    device,
    operation: unpackOperation(operation as Buffer),
    priority: priorities[Math.floor(state.rank / ofPriority)] ?? 'normal',
    collapseKey: text(collapseKey),
    idempotencyKey: text(idempotencyKey),
    ...timesOf(state),
    status,
  };
}

/** As `describe_status` in lua/commands.lua. */
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
  const isConfirmed = outcomeOf(state.outcome) !== 'OUTCOME_ROUTED';
  return {
    id: id as CommandId,
    operation: unpackOperation(operation),
    deliverWithinMs: isConfirmed ? finishWithinMs : Math.max(1, state.deliverByMs - nowMs),
    finishWithinMs,
    redelivered: state.maybeSent,
    cancelRequested: state.cancelRequested,
  };
}

/** The offsets are those of `state_format` in lua/commands.lua. */
function decodeState(packed: Buffer): State {
  return {
    outcome: packed.readUInt8(1),
    rank: packed.readDoubleLE(2),
    acceptedAtMs: packed.readDoubleLE(18),
    deliverByMs: packed.readDoubleLE(26),
    finishByMs: packed.readDoubleLE(34),
    atMs: packed.readDoubleLE(50),
    routedAtMs: packed.readDoubleLE(66),
    deliveredAtMs: packed.readDoubleLE(74),
    runningAtMs: packed.readDoubleLE(82),
    maybeSent: packed.readUInt8(91) === 1,
    cancelRequested: packed.readUInt8(92) === 1,
    nodeId: packed.toString('utf8', 93),
  };
}

function statusOf({ outcome, atMs, cancelRequested }: State): StoredStatus {
  return { outcome: outcomeOf(outcome), reason: '', atMs, ...(cancelRequested ? { cancelRequested } : {}) };
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
