import { common, type device, type node } from '@pushfleet/protocol';
import type { AwaitedStep } from './push.ts';

/**
 * A worker never writes a command to a link after its time to deliver. Its word that it has not may need this long to
 * get here.
 */
export const confirmGraceMs = 500;
/** How long a device whose link broke is given to come back and report. */
export const resultGraceMs = 15_000;

/** By the balancer's clock. */
export interface Deadlines {
  deliverByMs: number;
  finishByMs: number;
}

export interface Status {
  outcome: common.Outcome;
  reason: string;
  atMs: number;
  output?: Uint8Array;
}

/** Where one direct command stands. */
export type CommandState =
  /** It is not known yet which worker to give it to. Nothing was sent. */
  | { kind: 'routing'; retried: boolean }
  /** It waits to be written to a worker's channel. Nothing was sent. */
  | { kind: 'queued'; retried: boolean }
  /** A worker has it; the device may have it. */
  | { kind: 'sent'; retried: boolean; status: Status }
  /** The device has it. */
  | { kind: 'confirmed'; status: Status }
  /** The way to the device broke after the command was sent. The device may still report over another one. */
  | { kind: 'lost'; reason: string; giveUpAtMs: number; status: Status }
  | { kind: 'ended'; status: Status };

export type CommandInput =
  /** A worker's channel has taken it. */
  | { kind: 'queued' }
  | { kind: 'written' }
  | { kind: 'no-route'; reason: string }
  /** A worker's channel has no room for it. */
  | { kind: 'no-room' }
  | { kind: 'report'; report: node.CommandReport }
  /** The channel to the worker ended, before or after the command was written to it. */
  | { kind: 'channel-lost' }
  | { kind: 'time' }
  /** The balancer ends and can wait no longer. */
  | { kind: 'stopping' };

export const firstState: CommandState = { kind: 'routing', retried: false };

/**
 * The state after `input`. Whoever calls it acts on the state that it gets: `routing` asks for a route. What says
 * nothing new gives back the same state.
 */
export function advance(state: CommandState, input: CommandInput, deadlines: Deadlines, nowMs: number): CommandState {
  if (state.kind === 'ended') return state;
  switch (input.kind) {
    case 'queued':
      return state.kind === 'routing' ? { kind: 'queued', retried: state.retried } : state;
    case 'written':
      if (state.kind !== 'queued') return state;
      return { kind: 'sent', retried: state.retried, status: { outcome: 'OUTCOME_ROUTED', reason: '', atMs: nowMs } };
    case 'no-route':
      return state.kind === 'routing' ? end('OUTCOME_NOT_CONNECTED', input.reason, nowMs) : state;
    case 'no-room':
      return state.kind === 'routing' ? end('OUTCOME_REJECTED', "the push server's queue is full", nowMs) : state;
    case 'report':
      return onReport(state, input.report, deadlines, nowMs);
    case 'channel-lost':
      return onChannelLost(state, deadlines, nowMs);
    case 'time':
      return nowMs < wakeAt(state, deadlines) ? state : onDeadline(state, nowMs);
    case 'stopping':
      return isUnsent(state) ? state : end('OUTCOME_UNKNOWN', 'the balancer stopped before a result came', nowMs);
    default:
      return input satisfies never;
  }
}

/** When time alone will change the state; never for a command that has ended. */
export function wakeAt(state: CommandState, { deliverByMs, finishByMs }: Deadlines): number {
  switch (state.kind) {
    case 'routing':
    case 'queued':
      return deliverByMs;
    case 'sent':
      return deliverByMs + confirmGraceMs;
    case 'confirmed':
      return finishByMs;
    case 'lost':
      return state.giveUpAtMs;
    case 'ended':
      return Number.POSITIVE_INFINITY;
    default:
      return state satisfies never;
  }
}

/** Nothing of the command has left the balancer, or the worker has said that nothing reached the link. */
export function isUnsent(state: CommandState): state is Extract<CommandState, { kind: 'routing' | 'queued' }> {
  return state.kind === 'routing' || state.kind === 'queued';
}

/** What the caller is told, if what it waits for has been reached. */
export function answerOf(state: CommandState, wait: AwaitedStep): Status | undefined {
  if (isUnsent(state)) return undefined;
  const reached = state.kind === 'ended' || wait === 'accepted' || (wait === 'delivered' && state.kind === 'confirmed');
  return reached ? state.status : undefined;
}

type LiveState = Exclude<CommandState, { kind: 'ended' }>;

function end(outcome: common.Outcome, reason: string, atMs: number, output?: Uint8Array): CommandState {
  return { kind: 'ended', status: { outcome, reason, atMs, ...(output ? { output } : {}) } };
}

function onReport(state: LiveState, report: node.CommandReport, deadlines: Deadlines, nowMs: number): CommandState {
  switch (report.report) {
    case 'delivered':
      return onDelivered(state, nowMs);
    case 'result':
      return report.result ? onResult(state, report.result, nowMs) : state;
    case 'notHere':
      return state.kind === 'sent' ? tryAgain(state.retried, nowMs) : state;
    case 'unsent':
      return state.kind === 'sent' ? onUnsent(state.retried, report.unsent?.cause, nowMs) : state;
    case 'linkLost':
      return onLost(state, `the link ended (${report.linkLost?.reason || 'no reason given'})`, deadlines, nowMs);
    case undefined:
      return state;
    default:
      return report.report satisfies never;
  }
}

function onDelivered(state: LiveState, nowMs: number): CommandState {
  if (state.kind === 'confirmed') return state;
  // Said again over a newer link, it does not take back that the device has begun.
  const known = state.kind === 'lost' && isConfirmed(state.status) ? state.status : undefined;
  return { kind: 'confirmed', status: known ?? { outcome: 'OUTCOME_DELIVERED', reason: '', atMs: nowMs } };
}

function onResult(state: LiveState, result: device.CommandResult, nowMs: number): CommandState {
  switch (result.outcome) {
    case 'running':
      if (state.kind === 'confirmed' && state.status.outcome === 'OUTCOME_RUNNING') return state;
      return { kind: 'confirmed', status: { outcome: 'OUTCOME_RUNNING', reason: '', atMs: nowMs } };
    case 'succeeded':
      return end('OUTCOME_SUCCEEDED', '', nowMs, result.succeeded?.output);
    case 'failed':
      return end('OUTCOME_FAILED', result.failed?.reason ?? '', nowMs, result.failed?.output);
    case 'rejected':
      return end('OUTCOME_REJECTED', result.rejected?.reason ?? '', nowMs);
    case undefined:
      return state;
    default:
      return result.outcome satisfies never;
  }
}

function onUnsent(retried: boolean, cause: node.UnsentCause | undefined, nowMs: number): CommandState {
  switch (cause) {
    case 'UNSENT_CAUSE_EXPIRED':
      return end('OUTCOME_EXPIRED', 'the time to deliver passed while the command waited for the link', nowMs);
    case 'UNSENT_CAUSE_QUEUE_FULL':
      return end('OUTCOME_REJECTED', "the device's queue is full", nowMs);
    case 'UNSENT_CAUSE_LINK_LOST':
      return tryAgain(retried, nowMs);
    case 'UNSENT_CAUSE_UNSPECIFIED':
    case undefined:
      return end('OUTCOME_REJECTED', 'the push server did not send it', nowMs);
    default:
      return cause satisfies never;
  }
}

function tryAgain(retried: boolean, nowMs: number): CommandState {
  if (!retried) return { kind: 'routing', retried: true };
  return end('OUTCOME_NOT_CONNECTED', 'the link went away twice before the command was sent', nowMs);
}

function onChannelLost(state: LiveState, deadlines: Deadlines, nowMs: number): CommandState {
  switch (state.kind) {
    case 'routing':
    case 'lost':
      return state;
    case 'queued':
      return tryAgain(state.retried, nowMs);
    case 'sent':
    case 'confirmed':
      return onLost(state, 'the push server was lost', deadlines, nowMs);
    default:
      return state satisfies never;
  }
}

function onLost(state: LiveState, what: string, deadlines: Deadlines, nowMs: number): CommandState {
  if (state.kind !== 'sent' && state.kind !== 'confirmed') return state;
  const confirmed = state.kind === 'confirmed';
  const reason = `${what} ${confirmed ? 'after' : 'before'} the device confirmed the command, and no result came`;
  const untilMs = confirmed ? deadlines.finishByMs : wakeAt(state, deadlines);
  return { kind: 'lost', reason, giveUpAtMs: Math.min(untilMs, nowMs + resultGraceMs), status: state.status };
}

function onDeadline(state: LiveState, nowMs: number): CommandState {
  switch (state.kind) {
    case 'routing':
    case 'queued':
      return end('OUTCOME_EXPIRED', 'the time to deliver passed before the command was sent', nowMs);
    case 'sent':
      return end('OUTCOME_UNKNOWN', 'not confirmed by the deadline', nowMs);
    case 'confirmed':
      return end('OUTCOME_UNKNOWN', 'no result by the deadline', nowMs);
    case 'lost':
      return end('OUTCOME_UNKNOWN', state.reason, nowMs);
    default:
      return state satisfies never;
  }
}

function isConfirmed({ outcome }: Status): boolean {
  return outcome === common.Outcome.OUTCOME_DELIVERED || outcome === common.Outcome.OUTCOME_RUNNING;
}
