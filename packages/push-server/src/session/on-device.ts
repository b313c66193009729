import type { CloseReason, CommandId, device } from '@pushfleet/protocol';
import { type Rate, TokenBucket } from '@pushfleet/runtime';
import type { LinkTerms } from './command.ts';
import { advance, carryOver, confirm, type Outbox, settle, takeBack } from './outbox.ts';
import { report, sendAll, unsent, unsentAll } from './reports.ts';
import { type Effect, hasCommands, type Session, type SessionState } from './session.ts';
import { attach, end } from './transitions.ts';

/** What a device says, whatever its wire. */
export type DeviceSaid =
  | {
      kind: 'hello';
      ticket: string;
      terms: LinkTerms;
      /** The id under which the device introduces itself, where the wire has a place for it. */
      claimedDevice?: string | undefined;
      /** Whether it wants commands at once. */
      attach: boolean;
    }
  /** It wants commands from now on, or wants them no longer. */
  | { kind: 'attach'; confirms: boolean }
  | { kind: 'detach' }
  | { kind: 'delivered'; command: CommandId }
  | { kind: 'result'; result: device.CommandResult }
  /** It has the command and will not run it. It confirms it by that, too. */
  | { kind: 'refused'; command: CommandId; reason: string }
  /** Something of this size that is no result. */
  | { kind: 'unreadable'; bytes: number }
  /**
   * Of its wire, about a command that it was just given: the device has set a limit that the command exceeds, and
   * nothing was written. `limit`: in words, with the figures.
   */
  | { kind: 'too-large'; command: CommandId; limit: string }
  | { kind: 'ping' }
  | { kind: 'goodbye' }
  /** It says nothing more, and did not say goodbye: it may be about to break, as a gRPC call that is reset often ends before. */
  | { kind: 'hang-up' }
  /** It broke a rule of its wire, or is gone; the link ends for this reason. */
  | { kind: 'fault'; reason: CloseReason };

export function onDevice(session: Session, said: DeviceSaid, now: number, attended: number): Effect[] {
  if (said.kind !== 'too-large') session.heardAt = attended;
  const { state } = session;
  if (state.kind === 'ended') return [];
  if (!isKnown(state) && needsToBeKnown(said)) return end(session, 'protocolError', now);
  switch (said.kind) {
    case 'hello':
      return onHello(session, said, now);
    case 'attach':
      return onAttach(session, said.confirms, now);
    case 'detach':
      return onDetach(session, now, attended);
    case 'delivered':
      return onDelivered(state, said.command, now);
    case 'refused':
      return onRefused(state, said, now);
    case 'result':
      return onResult(session, said.result, now);
    case 'unreadable':
      return mayAdd(session, now, 1 + said.bytes / unreadableBytes) ? [] : end(session, 'messageRateTooHigh', now);
    case 'too-large':
      return state.kind === 'live' ? onTooLarge(state, said, now) : [];
    case 'ping':
      return [{ kind: 'send', message: { kind: 'pong' } }];
    case 'goodbye':
      return end(session, 'goodbye', now);
    case 'hang-up':
      return end(session, hasCommands(session) ? 'linkLost' : 'goodbye', now);
    case 'fault':
      return end(session, said.reason, now);
    default:
      return said satisfies never;
  }
}

function isKnown({ kind }: SessionState): boolean {
  return kind !== 'greeting' && kind !== 'checking';
}

/** Until its ticket is verified a device has nothing to say but that, and nothing is answered. */
function needsToBeKnown({ kind }: DeviceSaid): boolean {
  return kind !== 'hello' && kind !== 'goodbye' && kind !== 'hang-up' && kind !== 'fault';
}

function onHello(session: Session, said: Extract<DeviceSaid, { kind: 'hello' }>, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'greeting') return end(session, 'protocolError', now);
  const { terms, claimedDevice, attach, ticket } = said;
  session.state = { kind: 'checking', deadline: state.deadline, terms, claimedDevice, attach };
  return [{ kind: 'verify-ticket', ticket }];
}

function onAttach(session: Session, confirms: boolean, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'known' && state.kind !== 'opening' && state.kind !== 'live')
    return end(session, 'protocolError', now);
  state.terms.confirms = confirms;
  // Said again: the session is, or is about to be, as the device wants it.
  if (state.kind === 'opening') return [];
  if (state.kind === 'live') return [{ kind: 'send', message: { kind: 'attached', device: state.ticket.device } }];
  return attach(session, state);
}

function onDetach(session: Session, now: number, attended: number): Effect[] {
  const { state } = session;
  const detached: Effect = { kind: 'send', message: { kind: 'detached' } };
  if (state.kind !== 'live' && state.kind !== 'opening') return [detached];
  session.detaches ??= new TokenBucket(detachRate, now);
  if (!session.detaches.take(now)) return end(session, 'messageRateTooHigh', now);
  const { terms, ticket } = state;
  const deadline = attended + session.deadlines.attachMs;
  session.state = { kind: 'known', deadline, terms, ticket, outbox: carryOver(state.outbox, terms) };
  if (state.kind === 'opening') return [detached];
  return [
    detached,
    ...unsentAll(state, 'goodbye', now),
    { kind: 'close-session', device: ticket.device, epoch: state.epoch },
  ];
}

type Live = Extract<SessionState, { kind: 'live' }>;

function onDelivered(state: SessionState, id: CommandId, now: number): Effect[] {
  if (state.kind !== 'live' && state.kind !== 'known' && state.kind !== 'opening') return [];
  const { outbox, terms } = state;
  const command = outbox && confirm(outbox, id, terms);
  if (!outbox || state.kind !== 'live') return [];
  const delivered = command ? [report(state, command, { report: 'delivered', delivered: {} })] : [];
  return [...delivered, ...continueSending(state, outbox, now)];
}

function onRefused(state: SessionState, said: Extract<DeviceSaid, { kind: 'refused' }>, now: number): Effect[] {
  const { command: id, reason } = said;
  if (state.kind !== 'live') return onDelivered(state, id, now);
  const { outbox, terms } = state;
  if (!outbox) return [];
  confirm(outbox, id, terms);
  const command = settle(outbox, id, terms);
  const result = { commandId: id, outcome: 'rejected', rejected: { reason } } as const;
  const refused = command ? [report(state, command, { report: 'result', result })] : [];
  return [...refused, ...continueSending(state, outbox, now)];
}

function onTooLarge(state: Live, { command: id, limit }: { command: CommandId; limit: string }, now: number): Effect[] {
  const { outbox } = state;
  const command = outbox && takeBack(outbox, id);
  if (!outbox || !command) return [];
  return [unsent(state, command, 'UNSENT_CAUSE_TOO_LARGE', limit), ...continueSending(state, outbox, now)];
}

function onResult(session: Session, result: device.CommandResult, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live' && state.kind !== 'known' && state.kind !== 'opening')
    return end(session, 'protocolError', now);
  const id = result.commandId as CommandId;
  const outbox = state.kind === 'live' ? state.outbox : undefined;
  const command = outbox && (result.outcome === 'running' ? outbox.sent.get(id) : settle(outbox, id, state.terms));
  const isEnd = command !== undefined && result.outcome !== 'running';
  if (!isEnd && !mayAdd(session, now)) return end(session, 'messageRateTooHigh', now);
  const reported: Effect = {
    kind: 'report',
    report: { commandId: id, deviceId: state.ticket.device, report: 'result', result },
    // A result of a command that came over an earlier link: whoever waits for it knows it by its id.
    channel: command?.channel ?? 'every',
    epoch: state.kind === 'live' ? state.epoch : undefined,
    why: '',
  };
  return outbox && state.kind === 'live' ? [reported, ...continueSending(state, outbox, now)] : [reported];
}

/**
 * Progress, and results of commands that came over earlier links, if they ever did: nobody bounds their number but this. All
 * devices of a worker share the way to the balancers.
 */
const unaskedRate: Rate = { burst: 2_048, perSecond: 1_000 };

function mayAdd(session: Session, now: number, count = 1): boolean {
  session.unasked ??= new TokenBucket(unaskedRate, now);
  return session.unasked.take(now, count);
}

/** What cannot be read counts once more for each of these: finding that out takes its time, and nobody gains by it. */
const unreadableBytes = 1_024;

/** Each time the registry closes a session, and opens one when the device attaches again. */
const detachRate: Rate = { burst: 20, perSecond: 1 };

function continueSending(state: Live, outbox: Outbox, now: number): Effect[] {
  if (outbox.waiting.size === 0 && outbox.suspects.size === 0) return [];
  return sendAll(state, advance(outbox, state.terms, now), now);
}
