import { type CommandId, common, type Epoch, hasEnded, isConfirmed } from '@pushfleet/protocol';
import type { Priority } from './commands.ts';

/** All outcomes by their rank, which is the number by which stores keep them. */
export const outcomesByRank = Object.values(common.Outcome);

export function rankOf(outcome: common.Outcome): number {
  return outcomesByRank.indexOf(outcome);
}

export function outcomeOf(rank: number): common.Outcome {
  return outcomesByRank[rank] ?? 'OUTCOME_UNSPECIFIED';
}

/** The rank from which on commands have ended: see `hasEnded`. */
export const firstEndedRank = outcomesByRank.findIndex(hasEnded);

/** Most urgent first; the place is the number by which stores keep them. */
export const priorities = ['high', 'normal', 'low'] as const satisfies readonly Priority[];

/** A ROUTED command that has not been confirmed for so long is sent again, also by the session that took it. */
export const unconfirmedMs = 5_000;

/** How many commands that have ended are kept for each device, at most. */
export const maxEnded = 1_000;

/** Payloads of custom operations that are larger are dropped when their commands end. */
export const keptPayloadBytes = 4_096;

/** The reason of a command that time has ended. */
export const lapseReason = {
  queued: 'the time to live passed before it could be sent',
  taken: 'no result by the deadline',
} as const;

/** The weights of attempts that ended with the device's link, and the sum from which on a command is given up. */
export const attemptWeight = {
  limit: 100,
  /** The link broke, or the device ended it with an error, before the device had confirmed the command. */
  broken: 50,
  /** The device fell silent or said goodbye; or the link broke when it had just confirmed the command. */
  quiet: 20,
  /** Added where it was the first of those on the wire: devices take them in order, so it is the likeliest. */
  first: 1,
  /** No link can carry it. */
  impossible: 100,
} as const;

/** The reason of a command whose device was deleted. */
export const deletedReason = {
  queued: 'the device was deleted',
  taken: 'the device was deleted before a result came',
} as const;

/** The reason of a command that a newer one took the place of; `%s` stands for the id of the newer one. */
export const supersededReason = {
  collapsed: 'command %s with the same collapse key took its place',
  displaced: 'the queue was full and the more urgent command %s came',
} as const;

export function supersededBy(newer: CommandId, how: keyof typeof supersededReason): string {
  return supersededReason[how].replace('%s', () => newer);
}

/**
 * `queued`: it waits. `in-flight`: taken, unconfirmed, not past its `deliverByMs`, and no attempt to send it has failed;
 * these fill the window. `taken`: all others that were taken and have not ended.
 */
export type Stage = 'queued' | 'in-flight' | 'taken' | 'ended';

/** The part of a durable command that changes during its life. A time of 0: not yet. */
export interface CommandState {
  stage: Stage;
  outcome: common.Outcome;
  reason: string;
  atMs: number;
  readonly deliverByMs: number;
  readonly finishByMs: number;
  readonly keepEndedMs: number;
  /** The epoch of the session that took it last; 0: none, or that one has given it back. */
  epoch: number;
  nodeId: string;
  routedAtMs: number;
  deliveredAtMs: number;
  runningAtMs: number;
  /** The session that took it last has not confirmed it. */
  isUnconfirmed: boolean;
  /** An earlier session than the last that took it may have sent it. */
  maybeSent: boolean;
  cancelRequested: boolean;
  /** The sum of the weights of its failed attempts. */
  failedWeight: number;
  /** The epoch of the session whose attempt failed last; 0: none. */
  failedEpoch: number;
}

/** The time at which time alone changes the command next, in milliseconds since the Unix epoch. */
export function dueAt(state: CommandState): number {
  switch (state.stage) {
    case 'queued':
    case 'in-flight':
      return state.deliverByMs;
    case 'taken':
      return state.finishByMs;
    case 'ended':
      return state.atMs + state.keepEndedMs;
    default:
      return state.stage satisfies never;
  }
}

/** The state that time has brought the command to; `undefined`: it is forgotten. Its times are those of the deadlines, whoever looks when. */
export function lapse<State extends CommandState>(state: State, nowMs: number): State | undefined {
  if (dueAt(state) > nowMs) return state;
  switch (state.stage) {
    case 'queued':
      return lapse(end(state, 'OUTCOME_EXPIRED', lapseReason.queued, state.deliverByMs), nowMs);
    case 'in-flight':
      return lapse({ ...state, stage: 'taken' }, nowMs);
    case 'taken':
      return lapse(end(state, 'OUTCOME_UNKNOWN', lapseReason.taken, state.finishByMs), nowMs);
    case 'ended':
      return undefined;
    default:
      return state.stage satisfies never;
  }
}

export function end<State extends CommandState>(
  state: State,
  outcome: common.Outcome,
  reason: string,
  atMs: number,
): State {
  return { ...state, stage: 'ended', outcome, reason, atMs, isUnconfirmed: false };
}

/** Gives a QUEUED command to a session. */
export function route<State extends CommandState>(state: State, epoch: Epoch, nodeId: string, nowMs: number): State {
  const taken = { epoch, nodeId, routedAtMs: nowMs, isUnconfirmed: true };
  return { ...state, ...taken, stage: 'in-flight', outcome: 'OUTCOME_ROUTED', atMs: nowMs };
}

/** Gives a command that was taken before to a session again. */
export function routeAgain<State extends CommandState>(
  state: State,
  epoch: Epoch,
  nodeId: string,
  nowMs: number,
): State {
  return { ...state, epoch, nodeId: nodeId || state.nodeId, routedAtMs: nowMs, isUnconfirmed: true, maybeSent: true };
}

/** Whether the session `epoch` is to send a command that was taken before. */
export function isToSendAgain(state: CommandState, epoch: number, nowMs: number): boolean {
  if (state.stage !== 'in-flight' && state.stage !== 'taken') return false;
  if (!isConfirmed(state.outcome) && state.deliverByMs <= nowMs) return false;
  if (state.epoch < epoch) return true;
  return state.epoch === epoch && state.isUnconfirmed && state.routedAtMs + unconfirmedMs <= nowMs;
}

/** The device has the command, which has not ended. */
export function confirm<State extends CommandState>(state: State, nowMs: number): State {
  if (isConfirmed(state.outcome)) return { ...state, isUnconfirmed: false };
  const confirmed = { stage: 'taken' as const, isUnconfirmed: false, deliveredAtMs: nowMs };
  return { ...state, ...confirmed, outcome: 'OUTCOME_DELIVERED', atMs: nowMs };
}

/** The device has begun with the command, which has not ended. */
export function run<State extends CommandState>(state: State, nowMs: number): State {
  const confirmed = confirm(state, nowMs);
  if (confirmed.outcome === 'OUTCOME_RUNNING') return confirmed;
  return { ...confirmed, outcome: 'OUTCOME_RUNNING', runningAtMs: nowMs, atMs: nowMs };
}

/**
 * The session `epoch` never sent the command, and never will. `undefined`: that session is not the last that took it, or the
 * device has confirmed it to that session. What an earlier session may have sent is not QUEUED again, because it could
 * then end as one that was never sent; it goes to whoever takes next all the same.
 */
export function release<State extends CommandState>(state: State, epoch: Epoch, nowMs: number): State | undefined {
  const isTheirs = state.stage === 'in-flight' || state.stage === 'taken';
  if (!isTheirs || state.epoch !== epoch || !state.isUnconfirmed) return undefined;
  if (state.maybeSent) return { ...state, epoch: 0 };
  if (state.cancelRequested) return end(state, 'OUTCOME_CANCELLED', state.reason, nowMs);
  if (state.deliverByMs <= nowMs) return end(state, 'OUTCOME_EXPIRED', lapseReason.queued, nowMs);
  // Nobody has tried to send it.
  const waiting = { epoch: 0, isUnconfirmed: false, routedAtMs: 0, failedWeight: 0, failedEpoch: 0 };
  return { ...state, ...waiting, stage: 'queued', outcome: 'OUTCOME_QUEUED', atMs: nowMs };
}

/**
 * The link of the session `epoch` ended with the command on the wire. `undefined`: that is known, or a later session has heard
 * from the device since. `alone`: nothing else was on the wire, so that nothing else can be to blame.
 */
export function failAttempt<State extends CommandState>(
  state: State,
  { epoch, weight, alone, reason }: { epoch: Epoch; weight: number; alone: boolean; reason: string },
  nowMs: number,
): State | undefined {
  const isTaken = state.stage === 'in-flight' || state.stage === 'taken';
  const hasMovedOn = state.epoch > epoch && !state.isUnconfirmed;
  if (!isTaken || hasMovedOn || state.failedEpoch >= epoch) return undefined;
  const failedWeight = state.failedWeight + weight;
  if (alone && failedWeight >= attemptWeight.limit) {
    return end(state, isConfirmed(state.outcome) ? 'OUTCOME_UNKNOWN' : 'OUTCOME_REJECTED', reason, nowMs);
  }
  return { ...state, stage: 'taken', failedWeight, failedEpoch: epoch };
}

/** The operation as it is kept once its command has ended: without a large payload; `undefined`: all of it is kept. */
export function keptOperation({ custom }: common.Operation): common.Operation | undefined {
  if (!custom || custom.payload.length <= keptPayloadBytes) return undefined;
  return { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } };
}
