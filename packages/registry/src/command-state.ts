import { common, type Epoch } from '@pushfleet/protocol';
import type { Priority } from './commands.ts';

/** Outcomes in the order of the ladder; the place is the number by which stores keep them. */
export const ladder = Object.values(common.Outcome);

export function rankOf(outcome: common.Outcome): number {
  return ladder.indexOf(outcome);
}

export function outcomeOf(rank: number): common.Outcome {
  return ladder[rank] ?? 'OUTCOME_UNSPECIFIED';
}

/** From here on the ladder's outcomes never change again. */
export const firstFinalRank = rankOf('OUTCOME_SUCCEEDED');

export function isFinal(outcome: common.Outcome): boolean {
  return rankOf(outcome) >= firstFinalRank;
}

/** Most urgent first; the place is the number by which stores keep them. */
export const priorities = ['high', 'normal', 'low'] as const satisfies readonly Priority[];

/** What is ROUTED and has not been confirmed for so long is sent again, also by the session that took it. */
export const unconfirmedMs = 5_000;

/** Of a device's commands that have ended, at most so many are kept; lua/commands.lua says the same. */
export const maxEnded = 1_000;

/** Why a command ended that nobody ended. lua/commands.lua says the same. */
export const lapseReason = {
  queued: 'the time to live passed before it could be sent',
  taken: 'no result by the deadline',
} as const;

/**
 * What an attempt weighs that ended with the device's link, and from which sum on a command is given up; the limit also
 * stands in lua/commands.lua.
 */
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

/** Why a command of a deleted device ended; lua/write-device.lua says the same. */
export const deletedReason = {
  queued: 'the device was deleted',
  taken: 'the device was deleted before a result came',
} as const;

export const supersededReason = {
  collapsed: (newer: string) => `command ${newer} with the same collapse key took its place`,
  displaced: (newer: string) => `the queue was full and the more urgent command ${newer} came`,
} as const;

/**
 * `queued`: it waits. `on-its-way`: taken, unconfirmed, not past its `deliverByMs`, and no attempt to send it has failed;
 * these fill the window. `taken`: all others that were taken and have not ended.
 */
export type Stage = 'queued' | 'on-its-way' | 'taken' | 'ended';

/** What changes in the life of a durable command. A time of 0: not yet. */
export interface CommandState {
  stage: Stage;
  outcome: common.Outcome;
  reason: string;
  atMs: number;
  readonly deliverByMs: number;
  readonly finishByMs: number;
  readonly keepEndedMs: number;
  /** Of the session that took it last; 0: none, or that one has given it back. */
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
  /** Sum of the weights of its failed attempts. */
  failedWeight: number;
  /** Of the session of the last of them; 0: none. */
  failedEpoch: number;
}

/** When time alone changes it next. */
export function dueAt(state: CommandState): number {
  switch (state.stage) {
    case 'queued':
    case 'on-its-way':
      return state.deliverByMs;
    case 'taken':
      return state.finishByMs;
    case 'ended':
      return state.atMs + state.keepEndedMs;
    default:
      return state.stage satisfies never;
  }
}

/** What time has made of it; `undefined`: it is forgotten. The times are those of the deadlines, whoever looks when. */
export function lapse<State extends CommandState>(state: State, nowMs: number): State | undefined {
  if (dueAt(state) > nowMs) return state;
  switch (state.stage) {
    case 'queued':
      return lapse(end(state, 'OUTCOME_EXPIRED', lapseReason.queued, state.deliverByMs), nowMs);
    case 'on-its-way':
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

/** A QUEUED one goes to a session. */
export function route<State extends CommandState>(state: State, epoch: Epoch, nodeId: string, nowMs: number): State {
  const taken = { epoch, nodeId, routedAtMs: nowMs, isUnconfirmed: true };
  return { ...state, ...taken, stage: 'on-its-way', outcome: 'OUTCOME_ROUTED', atMs: nowMs };
}

/** One that was taken before goes to a session again. */
export function routeAgain<State extends CommandState>(
  state: State,
  epoch: Epoch,
  nodeId: string,
  nowMs: number,
): State {
  return { ...state, epoch, nodeId: nodeId || state.nodeId, routedAtMs: nowMs, isUnconfirmed: true, maybeSent: true };
}

/** Whether the session `epoch` is to send one that was taken before. */
export function isToSendAgain(state: CommandState, epoch: number, nowMs: number): boolean {
  if (state.stage !== 'on-its-way' && state.stage !== 'taken') return false;
  if (!isConfirmed(state) && state.deliverByMs <= nowMs) return false;
  if (state.epoch < epoch) return true;
  return state.epoch === epoch && state.isUnconfirmed && state.routedAtMs + unconfirmedMs <= nowMs;
}

/** The device has said that it has it. */
export function isConfirmed({ outcome }: CommandState): boolean {
  return outcome === 'OUTCOME_DELIVERED' || outcome === 'OUTCOME_RUNNING';
}

/** The device has it. Not for one that has ended. */
export function confirm<State extends CommandState>(state: State, nowMs: number): State {
  if (isConfirmed(state)) return { ...state, isUnconfirmed: false };
  const confirmed = { stage: 'taken' as const, isUnconfirmed: false, deliveredAtMs: nowMs };
  return { ...state, ...confirmed, outcome: 'OUTCOME_DELIVERED', atMs: nowMs };
}

/** The device has begun. Not for one that has ended. */
export function run<State extends CommandState>(state: State, nowMs: number): State {
  const confirmed = confirm(state, nowMs);
  if (confirmed.outcome === 'OUTCOME_RUNNING') return confirmed;
  return { ...confirmed, outcome: 'OUTCOME_RUNNING', runningAtMs: nowMs, atMs: nowMs };
}

/**
 * The session `epoch` never sent it, and never will. `undefined`: that session is not the last that took it, or the
 * device has confirmed it to that session. What an earlier session may have sent is not QUEUED again, because it could
 * then end as one that was never sent; it goes to whoever takes next all the same.
 */
export function release<State extends CommandState>(state: State, epoch: Epoch, nowMs: number): State | undefined {
  const isTheirs = state.stage === 'on-its-way' || state.stage === 'taken';
  if (!isTheirs || state.epoch !== epoch || !state.isUnconfirmed) return undefined;
  if (state.maybeSent) return { ...state, epoch: 0 };
  if (state.cancelRequested) return end(state, 'OUTCOME_CANCELLED', state.reason, nowMs);
  if (state.deliverByMs <= nowMs) return end(state, 'OUTCOME_EXPIRED', lapseReason.queued, nowMs);
  const waiting = { epoch: 0, isUnconfirmed: false, routedAtMs: 0 };
  return { ...state, ...waiting, stage: 'queued', outcome: 'OUTCOME_QUEUED', atMs: nowMs };
}

/**
 * The link of the session `epoch` ended with it on the wire. `undefined`: that is known, or a later session has heard
 * from the device since. `alone`: nothing else was on the wire, so that nothing else can be to blame.
 */
export function failAttempt<State extends CommandState>(
  state: State,
  { epoch, weight, alone, reason }: { epoch: Epoch; weight: number; alone: boolean; reason: string },
  nowMs: number,
): State | undefined {
  const isTaken = state.stage === 'on-its-way' || state.stage === 'taken';
  const hasMovedOn = state.epoch > epoch && !state.isUnconfirmed;
  if (!isTaken || hasMovedOn || state.failedEpoch >= epoch) return undefined;
  const failedWeight = state.failedWeight + weight;
  if (alone && failedWeight >= attemptWeight.limit) {
    return end(state, isConfirmed(state) ? 'OUTCOME_UNKNOWN' : 'OUTCOME_REJECTED', reason, nowMs);
  }
  return { ...state, stage: 'taken', failedWeight, failedEpoch: epoch };
}
