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

/** Of a command that has just been written: all but the state is known. */
export function storedFrom(command: NewCommand, state: Buffer | number | null | undefined): StoredCommand {
  const { ttlMs: _, finishWithinMs: __, ...rest } = command;
  const decoded = decodeState(text(state));
  return { ...rest, ...timesOf(decoded), status: statusOf(decoded) };
}

/** As `describe` in lua/commands.lua; `undefined`: there is none. */
export function decodeCommand(device: DeviceId, reply: Reply): StoredCommand | undefined {
  const [id, packed, , , , , , operation, collapseKey, idempotencyKey] = reply;
  const status = decodeStatus(reply);
  if (!status || !packed) return undefined;
  const state = decodeState(text(packed));
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
    ...statusOf(decodeState(text(packed))),
    reason: text(reason),
    ...(output ? { output: output as Buffer } : {}),
    ...(progress ? { progress: JSON.parse(text(progress)) } : {}),
    ...(statistics ? { statistics: JSON.parse(text(statistics)) } : {}),
    ...(endedBefore ? { alreadyEnded: true } : {}),
  };
}

export function decodeTaken(id: string, packed: string, operation: Buffer, nowMs: number): TakenCommand {
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

function decodeState(packed: string): State {
  const [, outcome, rank, , accepted, deliver, finish, , at, , routed, delivered, running, , seen, cancel, node] =
    packed.split(' ');
  return {
    outcome: Number(outcome),
    rank: Number(rank),
    acceptedAtMs: Number(accepted),
    deliverByMs: Number(deliver),
    finishByMs: Number(finish),
    atMs: Number(at),
    routedAtMs: Number(routed),
    deliveredAtMs: Number(delivered),
    runningAtMs: Number(running),
    maybeSent: seen === '1',
    cancelRequested: cancel === '1',
    nodeId: node ?? '',
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
