import {
  type common,
  cutText,
  declaredName,
  type device,
  isConfirmed,
  limits,
  type node,
  readResult,
  type SaidResult,
  tooLargeReason,
  withdrawnReason,
} from '@pushfleet/protocol';
import type { Moment } from '@pushfleet/runtime';
import type { Status } from '../engine.ts';
import type { ChunkTerms } from '../workers/channel-batch.ts';

/**
 * A worker never writes a command to a link after its time to deliver. It looks for those once a second, and its
 * word that it has not written one may need a while to get here.
 */
export const confirmGraceMs = 1_500;
/** How long a device whose link broke is given to come back and report. */
export const resultGraceMs = 15_000;

const abandonedReason = 'its caller went away';

/** The state of one direct command. */
export type CommandState =
  /** It is not known yet which worker to give it to. Nothing was sent. */
  | { kind: 'routing'; retried: boolean }
  /** It waits to be written to a worker's channel. Nothing was sent. */
  | { kind: 'queued'; retried: boolean }
  /** A worker has it; the device may have it. */
  | {
      kind: 'sent';
      retried: boolean;
      status: Status;
      /** It is withdrawn: what turns out not to have reached the link is not sent again. */
      cancelReason?: string;
    }
  /** The device has it. */
  | { kind: 'confirmed'; status: Status }
  /** The way to the device broke after the command was sent. The device may still report over another one. */
  | { kind: 'lost'; reason: string; giveUpAtMs: number; status: Status }
  | { kind: 'ended'; status: Status };

type LiveState = Exclude<CommandState, { kind: 'ended' }>;
type SentState = Extract<CommandState, { kind: 'sent' }>;

/** Something that happens to a direct command. */
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
  /** The caller withdraws it. */
  | { kind: 'cancel'; reason: string }
  /** Nobody waits for it any more: it goes on only if it is on its way. */
  | { kind: 'abandon' }
  | { kind: 'time' }
  /** The balancer ends and can wait no longer. */
  | { kind: 'stopping' };

export const firstState: CommandState = { kind: 'routing', retried: false };

/**
 * The state after `input`. Whoever calls it acts on the state that it gets: `routing` asks for a route. What says
 * nothing new gives back the same state.
 */
export function advance(state: CommandState, input: CommandInput, terms: ChunkTerms, now: Moment): CommandState {
  if (state.kind === 'ended') return state;
  switch (input.kind) {
    case 'queued':
      return state.kind === 'routing' ? { kind: 'queued', retried: state.retried } : state;
    case 'written':
      if (state.kind !== 'queued') return state;
      return {
        kind: 'sent',
        retried: state.retried,
        status: { outcome: 'OUTCOME_ROUTED', reason: '', atMs: now.wallMs },
      };
    case 'no-route':
      return state.kind === 'routing' ? end('OUTCOME_NOT_CONNECTED', input.reason, now) : state;
    case 'no-room':
      return state.kind === 'routing' ? end('OUTCOME_REJECTED', "the push server's queue is full", now) : state;
    case 'report':
      return onReport(state, input.report, terms, now);
    case 'channel-lost':
      return onChannelLost(state, terms, now);
    case 'cancel':
      return onCancel(state, input.reason, now);
    case 'abandon':
      return onAbandoned(state, now);
    case 'time':
      return now.nowMs < wakeAt(state, terms) ? state : onDeadline(state, now);
    case 'stopping':
      if (isUnsent(state)) return state;
      return end('OUTCOME_UNKNOWN', 'the balancer stopped before a result came', now, state.status);
    default:
      return input satisfies never;
  }
}

/** The moment at which time alone changes the state, by the monotonic clock; infinite for a command that has ended. */
export function wakeAt(state: CommandState, { deliverByMs, finishByMs }: ChunkTerms): number {
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

function onReport(state: LiveState, report: node.CommandReport, terms: ChunkTerms, now: Moment): CommandState {
  switch (report.report) {
    case 'delivered':
      return onDelivered(state, now);
    case 'result':
      return report.result ? onResult(state, report.result, now) : state;
    case 'notHere':
      return state.kind === 'sent' ? onNotSent(state, now) : state;
    case 'unsent':
      return state.kind === 'sent' ? onUnsent(state, report.unsent, terms, now) : state;
    case 'linkLost':
      return onLost(state, `the link ended (${report.linkLost?.reason || 'no reason given'})`, terms, now);
    case undefined:
      return state;
    default:
      return report.report satisfies never;
  }
}

function onDelivered(state: LiveState, now: Moment): CommandState {
  if (state.kind === 'confirmed') return state;
  if (isUnsent(state))
    return { kind: 'confirmed', status: { outcome: 'OUTCOME_DELIVERED', reason: '', atMs: now.wallMs } };
  // Said again over a newer link, it does not take back that the device has begun.
  if (isConfirmed(state.status.outcome)) return { kind: 'confirmed', status: state.status };
  return { kind: 'confirmed', status: { ...state.status, outcome: 'OUTCOME_DELIVERED', reason: '', atMs: now.wallMs } };
}

function onCancel(state: LiveState, reason: string, now: Moment): CommandState {
  if (isUnsent(state)) return end('OUTCOME_CANCELLED', withdrawnReason(reason), now);
  if (state.status.cancelRequested) return state;
  const status = { ...state.status, cancelRequested: true };
  return state.kind === 'sent' ? { ...state, status, cancelReason: reason } : { ...state, status };
}

/** The state of a command whose caller is gone: the worker is asked to keep it from the link, if it still can. */
function onAbandoned(state: LiveState, now: Moment): CommandState {
  if (isUnsent(state)) return end('OUTCOME_CANCELLED', withdrawnReason(abandonedReason), now);
  if (state.kind !== 'sent' || state.cancelReason !== undefined) return state;
  return { ...state, cancelReason: abandonedReason };
}

function onUnsent(
  state: SentState,
  unsent: node.Unsent | null | undefined,
  { operation }: ChunkTerms,
  now: Moment,
): CommandState {
  const { cause, detail = '' } = unsent ?? {};
  switch (cause) {
    case 'UNSENT_CAUSE_EXPIRED':
      return end('OUTCOME_EXPIRED', 'the time to deliver passed while the command waited for the link', now);
    case 'UNSENT_CAUSE_QUEUE_FULL':
      return end('OUTCOME_REJECTED', "the device's queue is full", now);
    case 'UNSENT_CAUSE_LINK_LOST':
      return onNotSent(state, now);
    case 'UNSENT_CAUSE_UNSUPPORTED':
      return end('OUTCOME_REJECTED', `unsupported: ${declaredName(operation)}`, now);
    case 'UNSENT_CAUSE_CANCELLED':
      return end('OUTCOME_CANCELLED', withdrawnReason(state.cancelReason), now);
    case 'UNSENT_CAUSE_TOO_LARGE':
      return end('OUTCOME_REJECTED', tooLargeReason(detail), now);
    case 'UNSENT_CAUSE_UNSPECIFIED':
    case undefined:
      return end('OUTCOME_REJECTED', 'the push server did not send it', now);
    default:
      return cause satisfies never;
  }
}

function onNotSent({ retried, cancelReason }: SentState, now: Moment): CommandState {
  if (cancelReason !== undefined) return end('OUTCOME_CANCELLED', withdrawnReason(cancelReason), now);
  return tryAgain(retried, now);
}

function tryAgain(retried: boolean, now: Moment): CommandState {
  if (!retried) return { kind: 'routing', retried: true };
  return end('OUTCOME_NOT_CONNECTED', 'the link went away twice before the command was sent', now);
}

function onChannelLost(state: LiveState, terms: ChunkTerms, now: Moment): CommandState {
  switch (state.kind) {
    case 'routing':
    case 'lost':
      return state;
    case 'queued':
      return tryAgain(state.retried, now);
    case 'sent':
    case 'confirmed':
      return onLost(state, 'the push server was lost', terms, now);
    default:
      return state satisfies never;
  }
}

function onLost(state: LiveState, what: string, terms: ChunkTerms, now: Moment): CommandState {
  if (state.kind !== 'sent' && state.kind !== 'confirmed') return state;
  const confirmed = state.kind === 'confirmed';
  const reason = `${what} ${confirmed ? 'after' : 'before'} the device confirmed the command, and no result came`;
  const untilMs = confirmed ? terms.finishByMs : wakeAt(state, terms);
  // A running task outlives its link: the device reports it, or its result, over the next one.
  const runs = state.status.outcome === 'OUTCOME_RUNNING';
  const giveUpAtMs = runs ? untilMs : Math.min(untilMs, now.nowMs + resultGraceMs);
  return { kind: 'lost', reason, giveUpAtMs, status: state.status };
}

function onDeadline(state: LiveState, now: Moment): CommandState {
  switch (state.kind) {
    case 'routing':
    case 'queued':
      return end('OUTCOME_EXPIRED', 'the time to deliver passed before the command was sent', now);
    case 'sent':
      return end('OUTCOME_UNKNOWN', 'not confirmed by the deadline', now, state.status);
    case 'confirmed':
      return end('OUTCOME_UNKNOWN', 'no result by the deadline', now, state.status);
    case 'lost':
      return end('OUTCOME_UNKNOWN', state.reason, now, state.status);
    default:
      return state satisfies never;
  }
}

/** The end of a command; what was said of it until then and stays true goes into it. */
function end(
  outcome: common.Outcome,
  reason: string,
  { wallMs: atMs }: Moment,
  before: Partial<Status> = {},
  result: Pick<Status, 'output' | 'statistics' | 'alreadyEnded'> = {},
): CommandState {
  const status: Status = { outcome, reason: cutText(reason, limits.reasonChars), atMs };
  const statistics = result.statistics ?? before.statistics;
  if (result.output?.length) status.output = result.output;
  if (statistics) status.statistics = statistics;
  if (result.alreadyEnded) status.alreadyEnded = true;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'ended', status };
}

/** The device says what has become of the command. */
function onResult(state: LiveState, result: device.CommandResult, now: Moment): CommandState {
  const said = readResult(result);
  if (said === undefined) return state;
  if (said.outcome === 'OUTCOME_RUNNING') return onRunning(state, said, now);
  return end(said.outcome, said.reason, now, 'status' in state ? state.status : undefined, said);
}

/** Said again, it brings progress of what runs, or nothing; that it began stays when it was. */
function onRunning(state: LiveState, said: SaidResult, now: Moment): CommandState {
  const before: Partial<Status> = 'status' in state ? state.status : {};
  const isProgress = Boolean(said.progress || said.statistics);
  const known = before.outcome === 'OUTCOME_RUNNING';
  if (known && !isProgress && state.kind === 'confirmed') return state;
  const status: Status = {
    outcome: 'OUTCOME_RUNNING',
    reason: '',
    atMs: known ? (before.atMs ?? now.wallMs) : now.wallMs,
  };
  const progress = said.progress ?? before.progress;
  const statistics = said.statistics ?? before.statistics;
  if (progress) status.progress = progress;
  if (statistics) status.statistics = statistics;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'confirmed', status };
}
