import type { CloseReason, CommandId, device } from '@pushfleet/protocol';
import { type Rate, TokenBucket } from '@pushfleet/runtime';
import type { LinkTerms } from './command.ts';
import { attach, end, report, reportAll, sendAll, unsent } from './effects.ts';
import { advance, carryOver, confirm, isEmpty, type Outbox, settle, takeBack } from './outbox.ts';
import { type Effect, hasCommands, type LiveState, type Session, type SessionState } from './session.ts';

/** An input from the device, the same for every wire. */
export type DeviceInput =
  | {
      kind: 'hello';
      ticket: string;
      terms: LinkTerms;
      /** The id that the device claims, where the wire has a place for it. */
      claimedDevice?: string | undefined;
      /** Whether the device takes commands at once. */
      attach: boolean;
    }
  /** The device takes commands from now on, or no longer. */
  | { kind: 'attach'; confirms: boolean }
  | { kind: 'detach' }
  | { kind: 'delivered'; command: CommandId }
  | { kind: 'result'; result: device.CommandResult }
  /** The device has the command and will not run it. That confirms the command, too. */
  | { kind: 'refused'; command: CommandId; reason: string }
  /** A message of this size that is no result. */
  | { kind: 'unreadable'; bytes: number }
  /**
   * From the link, about a command that it was just given: the command exceeds a limit that the device has set, and nothing was
   * written. `limit`: text with the figures.
   */
  | { kind: 'too-large'; command: CommandId; limit: string }
  | { kind: 'ping' }
  | { kind: 'goodbye' }
  /** The device has closed its side without a goodbye: the link may be about to break, as a gRPC call that is reset often ends before. */
  | { kind: 'hang-up' }
  /** The device broke a rule of its wire, or is gone; the link ends for this reason. */
  | { kind: 'fault'; reason: CloseReason };

export function onDevice(session: Session, input: DeviceInput, nowMs: number, attendedMs: number): Effect[] {
  if (input.kind !== 'too-large') session.heardAtMs = attendedMs;
  const { state } = session;
  if (state.kind === 'ended') return [];
  if (!isKnown(state) && needsToBeKnown(input)) return end(session, 'protocolError', nowMs);
  switch (input.kind) {
    case 'hello':
      return onHello(session, input, nowMs);
    case 'attach':
      return onAttach(session, input.confirms, nowMs);
    case 'detach':
      return onDetach(session, nowMs, attendedMs);
    case 'delivered':
      return onDelivered(session, input.command, nowMs);
    case 'refused':
      return onRefused(session, input, nowMs);
    case 'result':
      return onResult(session, input.result, nowMs);
    case 'unreadable':
      return ifFewEnough(session, nowMs, [], 1 + input.bytes / unreadableBytes);
    case 'too-large':
      return state.kind === 'live' ? onTooLarge(state, input, nowMs) : [];
    case 'ping':
      return ifFewEnough(session, nowMs, [{ kind: 'send', message: { kind: 'pong' } }]);
    case 'goodbye':
      return end(session, 'goodbye', nowMs);
    case 'hang-up':
      return end(session, hasCommands(session) ? 'linkLost' : 'goodbye', nowMs);
    case 'fault':
      return end(session, input.reason, nowMs);
    default:
      return input satisfies never;
  }
}

function isKnown({ kind }: SessionState): boolean {
  return kind !== 'greeting' && kind !== 'checking';
}

/** Until its ticket is verified a device has nothing to say but that, and nothing is answered. */
function needsToBeKnown({ kind }: DeviceInput): boolean {
  return kind !== 'hello' && kind !== 'goodbye' && kind !== 'hang-up' && kind !== 'fault';
}

function onHello(session: Session, input: Extract<DeviceInput, { kind: 'hello' }>, nowMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'greeting') return end(session, 'protocolError', nowMs);
  const { terms, claimedDevice, attach, ticket } = input;
  session.state = { kind: 'checking', terms, claimedDevice, attach };
  return [{ kind: 'verify-ticket', ticket }];
}

function onAttach(session: Session, confirms: boolean, nowMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'known' && state.kind !== 'opening' && state.kind !== 'live')
    return end(session, 'protocolError', nowMs);
  state.terms.confirms = confirms;
  // Said again: the session is, or is about to be, as the device wants it.
  if (state.kind === 'opening') return [];
  if (state.kind === 'live') {
    return ifFewEnough(session, nowMs, [{ kind: 'send', message: { kind: 'attached', device: state.ticket.device } }]);
  }
  return attach(session, state);
}

function onDetach(session: Session, nowMs: number, attendedMs: number): Effect[] {
  const { state } = session;
  const detached: Effect = { kind: 'send', message: { kind: 'detached' } };
  if (state.kind !== 'live' && state.kind !== 'opening') return [detached];
  session.detaches ??= new TokenBucket(detachRate, nowMs);
  if (!session.detaches.take(nowMs)) return end(session, 'messageRateTooHigh', nowMs);
  const { terms, ticket } = state;
  const deadlineMs = attendedMs + session.deadlines.attachMs;
  session.state = { kind: 'known', deadlineMs, terms, ticket, outbox: carryOver(state.outbox, terms) };
  if (state.kind === 'opening') return [detached];
  return [
    detached,
    ...reportAll(state, 'goodbye', nowMs),
    { kind: 'close-session', device: ticket.device, group: ticket.group, epoch: state.epoch },
  ];
}

function onDelivered(session: Session, id: CommandId, nowMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live' && state.kind !== 'known' && state.kind !== 'opening') return [];
  const { outbox, terms } = state;
  const unconfirmed = outbox?.unconfirmed;
  const command = outbox && confirm(outbox, id, terms);
  // The packet of a command that has ended still frees its place.
  if (!outbox || (!command && outbox.unconfirmed === unconfirmed)) return ifFewEnough(session, nowMs, []);
  if (state.kind !== 'live') return [];
  const delivered = command ? [report(state, command, { report: 'delivered', delivered: {} })] : [];
  return [...delivered, ...continueSending(state, outbox, nowMs)];
}

function onRefused(session: Session, input: Extract<DeviceInput, { kind: 'refused' }>, nowMs: number): Effect[] {
  const { state } = session;
  const { command: id, reason } = input;
  if (state.kind !== 'live') return onDelivered(session, id, nowMs);
  const { outbox, terms } = state;
  if (!outbox) return ifFewEnough(session, nowMs, []);
  const { unconfirmed } = outbox;
  confirm(outbox, id, terms);
  const command = settle(outbox, id, terms);
  if (!command && outbox.unconfirmed === unconfirmed) return ifFewEnough(session, nowMs, []);
  const result = { commandId: id, outcome: 'rejected', rejected: { reason } } as const;
  const refused = command ? [report(state, command, { report: 'result', result })] : [];
  return [...refused, ...continueSending(state, outbox, nowMs)];
}

function onTooLarge(
  state: LiveState,
  { command: id, limit }: { command: CommandId; limit: string },
  nowMs: number,
): Effect[] {
  const { outbox } = state;
  const command = outbox && takeBack(outbox, id);
  if (!outbox || !command) return [];
  return [unsent(state, command, 'UNSENT_CAUSE_TOO_LARGE', limit), ...continueSending(state, outbox, nowMs)];
}

function onResult(session: Session, result: device.CommandResult, nowMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live' && state.kind !== 'known' && state.kind !== 'opening')
    return end(session, 'protocolError', nowMs);
  const id = result.commandId as CommandId;
  const outbox = state.kind === 'live' ? state.outbox : undefined;
  const command = outbox && (result.outcome === 'running' ? outbox.sent.get(id) : settle(outbox, id, state.terms));
  const isEnd = command !== undefined && result.outcome !== 'running';
  if (!isEnd && !mayAdd(session, nowMs, 1 + outputBytes(result) / unaskedBytes)) {
    return end(session, 'messageRateTooHigh', nowMs);
  }
  const reported: Effect = {
    kind: 'report',
    report: { commandId: id, deviceId: state.ticket.device, report: 'result', result },
    // A result of a command that came over an earlier link: whoever waits for it knows it by its id.
    channel: command?.channel ?? 'every',
    epoch: state.kind === 'live' ? state.epoch : undefined,
    sentAtMs: isEnd ? command.sentAtMs : undefined,
    why: '',
  };
  return outbox && state.kind === 'live' ? [reported, ...continueSending(state, outbox, nowMs)] : [reported];
}

/**
 * Limits what a device says without having been asked: pings, confirmations of nothing, progress, and results of commands that came over
 * earlier links, if they ever did. All devices of a worker share its core and its way to the balancers.
 */
const unaskedRate: Rate = { burst: 2_048, perSecond: 1_000 };

function mayAdd(session: Session, nowMs: number, count = 1): boolean {
  session.unasked ??= new TokenBucket(unaskedRate, nowMs);
  return session.unasked.take(nowMs, count);
}

/** The effects, or the end of a link that says too much. */
function ifFewEnough(session: Session, nowMs: number, effects: Effect[], count = 1): Effect[] {
  return mayAdd(session, nowMs, count) ? effects : end(session, 'messageRateTooHigh', nowMs);
}

/** A result that nobody waits for on this link counts once more for each of these: 16 of the largest at once, 8 MiB a second. */
const unaskedBytes = 8_192;

function outputBytes({ succeeded, failed }: device.CommandResult): number {
  return succeeded?.output.length ?? failed?.output.length ?? 0;
}

/** A message that is no result counts once more for each of these: reading it takes time, and is of no use. */
const unreadableBytes = 1_024;

/** Limits detaching: each time the registry closes a session, and opens one when the device attaches again. */
const detachRate: Rate = { burst: 20, perSecond: 1 };

function continueSending(state: LiveState, outbox: Outbox, nowMs: number): Effect[] {
  if (outbox.waiting.size === 0 && outbox.suspects.size === 0) {
    // At once, not with the next look at the clock: the collector finds it young, and there is one link less to look at. With
    // 50,000 links a command costs its session 4.1 instead of 5.6 µs (with 1,000, where most are busy again soon, 2.7 and 2.1).
    if (isEmpty(outbox)) state.outbox = undefined;
    return [];
  }
  return sendAll(state, advance(outbox, state.terms, nowMs), nowMs);
}
