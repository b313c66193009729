import type { CloseReason, CommandId, device } from '@pushfleet/protocol';
import type { LinkTerms } from './command.ts';
import { advance, confirm, type Outbox, settle } from './outbox.ts';
import { report, sendAll, unsent, unsentAll } from './reports.ts';
import type { Effect, Session, SessionState } from './session.ts';
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
  /**
   * Of its wire, about a command that it was just given: the device has set a limit that the command exceeds, and
   * nothing was written. `limit`: in words, with the figures.
   */
  | { kind: 'too-large'; command: CommandId; limit: string }
  | { kind: 'ping' }
  | { kind: 'goodbye' }
  /** It broke a rule of its wire, or is gone; the link ends for this reason. */
  | { kind: 'fault'; reason: CloseReason };

export function onDevice(session: Session, said: DeviceSaid, now: number): Effect[] {
  if (said.kind !== 'too-large') session.heardAt = now;
  const { state } = session;
  if (state.kind === 'ended') return [];
  switch (said.kind) {
    case 'hello':
      return onHello(session, said);
    case 'attach':
      return onAttach(session, said.confirms);
    case 'detach':
      return onDetach(session);
    case 'delivered':
      return state.kind === 'live' ? onDelivered(state, said.command, now) : [];
    case 'result':
      return onResult(session, said.result, now);
    case 'too-large':
      return state.kind === 'live' ? onTooLarge(state, said, now) : [];
    case 'ping':
      return [{ kind: 'send', message: { kind: 'pong' } }];
    case 'goodbye':
      return end(session, 'goodbye');
    case 'fault':
      return end(session, said.reason);
    default:
      return said satisfies never;
  }
}

function onHello(session: Session, said: Extract<DeviceSaid, { kind: 'hello' }>): Effect[] {
  const { state } = session;
  if (state.kind !== 'greeting') return end(session, 'protocolError');
  const { terms, claimedDevice, attach, ticket } = said;
  session.state = { kind: 'checking', deadline: state.deadline, terms, claimedDevice, attach };
  return [{ kind: 'verify-ticket', ticket }];
}

function onAttach(session: Session, confirms: boolean): Effect[] {
  const { state } = session;
  // Said again: the session is, or is about to be, as the device wants it.
  if (state.kind === 'opening') return [];
  if (state.kind === 'live') return [{ kind: 'send', message: { kind: 'attached', device: state.ticket.device } }];
  if (state.kind !== 'known') return end(session, 'protocolError');
  state.terms.confirms = confirms;
  return attach(session, state);
}

function onDetach(session: Session): Effect[] {
  const { state } = session;
  const detached: Effect = { kind: 'send', message: { kind: 'detached' } };
  if (state.kind !== 'live' && state.kind !== 'opening') return [detached];
  const { terms, ticket } = state;
  session.state = { kind: 'known', deadline: Number.POSITIVE_INFINITY, terms, ticket };
  if (state.kind === 'opening') return [detached];
  return [
    detached,
    ...unsentAll(state, 'goodbye'),
    { kind: 'close-session', device: ticket.device, epoch: state.epoch },
  ];
}

type Live = Extract<SessionState, { kind: 'live' }>;

function onDelivered(state: Live, id: CommandId, now: number): Effect[] {
  const { outbox } = state;
  const command = outbox && confirm(outbox, id);
  if (!outbox || !command) return [];
  const delivered = report(state, command, { report: 'delivered', delivered: {} });
  return [delivered, ...continueSending(state, outbox, now)];
}

function onTooLarge(state: Live, { command: id, limit }: { command: CommandId; limit: string }, now: number): Effect[] {
  const { outbox } = state;
  const command = outbox && settle(outbox, id);
  if (!outbox || !command) return [];
  return [unsent(state, command, 'UNSENT_CAUSE_TOO_LARGE', limit), ...continueSending(state, outbox, now)];
}

function onResult(session: Session, result: device.CommandResult, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live' && state.kind !== 'known' && state.kind !== 'opening') return end(session, 'protocolError');
  const id = result.commandId as CommandId;
  const outbox = state.kind === 'live' ? state.outbox : undefined;
  const command = outbox && (result.outcome === 'running' ? outbox.sent.get(id) : settle(outbox, id));
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

function continueSending(state: Live, outbox: Outbox, now: number): Effect[] {
  if (outbox.waiting.size === 0) return [];
  return sendAll(state, advance(outbox, state.terms, now), now);
}
