import {
  type CloseReason,
  type CommandId,
  type DeviceId,
  declaredName,
  type Epoch,
  type GroupPath,
  supports,
} from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import type { Ticket } from '../tickets/ticket.ts';
import type { PushedCommand } from './command.ts';
import { createOutbox, offer, removeWaiting } from './outbox.ts';
import { expired, send, unsent } from './reports.ts';
import type { Effect, Elsewhere, Session } from './session.ts';
import { attach, end } from './transitions.ts';

/** What our side wants of a link, and what it answers to the session's own questions. */
export type ClusterSaid =
  | { kind: 'ticket-good'; ticket: Ticket }
  | { kind: 'ticket-bad'; reason: CloseReason }
  /** `group`: of the device now; its ticket may be older. */
  | { kind: 'opened'; device: DeviceId; epoch: Epoch; previous: SessionRef | undefined; group?: GroupPath | undefined }
  | { kind: 'open-failed'; reason: CloseReason }
  | { kind: 'push'; command: PushedCommand }
  /** Cancels a command, also one that came over an earlier link. */
  | { kind: 'cancel'; command: CommandId; reason: string }
  /** Nobody waits for a command any more. One that is on its way goes on. */
  | { kind: 'discard'; command: CommandId }
  /** The result of a durable command that the device has said over this link is kept for good. */
  | { kind: 'result-received'; command: CommandId }
  | { kind: 'close'; reason: CloseReason; elsewhere?: Elsewhere };

export function onCluster(session: Session, said: ClusterSaid, now: number, attended: number): Effect[] {
  switch (said.kind) {
    case 'ticket-good':
      return onTicket(session, said.ticket, now, attended);
    case 'ticket-bad':
    case 'open-failed':
      return session.state.kind === 'ended' ? [] : end(session, said.reason, now);
    case 'opened':
      return onOpened(session, said);
    case 'push':
      return onPush(session, said.command, now);
    case 'cancel':
      return onCancel(session, said);
    case 'discard':
      return onDiscarded(session, said.command);
    case 'result-received':
      return onResultReceived(session, said.command);
    case 'close':
      return session.state.kind === 'ended' ? [] : end(session, said.reason, now, said.elsewhere);
    default:
      return said satisfies never;
  }
}

function onTicket(session: Session, ticket: Ticket, now: number, attended: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'checking') return [];
  if (state.claimedDevice !== undefined && state.claimedDevice !== ticket.device) {
    return end(session, 'ticketForAnotherDevice', now);
  }
  const deadline = attended + session.deadlines.attachMs;
  const known = { kind: 'known', deadline, terms: state.terms, ticket, outbox: undefined } as const;
  session.state = known;
  const accepted: Effect = { kind: 'send', message: { kind: 'accepted', device: ticket.device } };
  return state.attach ? [accepted, ...attach(session, known)] : [accepted];
}

function onOpened(session: Session, said: Extract<ClusterSaid, { kind: 'opened' }>): Effect[] {
  const { state } = session;
  const { device, epoch, previous } = said;
  const evict: Effect[] = previous ? [{ kind: 'evict', device, previous }] : [];
  // The link ended, or the device detached, while the registry was asked: nobody would ever close this session.
  if (state.kind !== 'opening') return [...evict, { kind: 'close-session', device, epoch }];
  const { terms, outbox } = state;
  const ticket = { ...state.ticket, group: said.group ?? state.ticket.group };
  session.state = { kind: 'live', terms, ticket, epoch, outbox };
  return [{ kind: 'send', message: { kind: 'attached', device } }, ...evict];
}

function onPush(session: Session, command: PushedCommand, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live') return [];
  if (command.deliverBy <= now) return expired(state, command);
  // What may have been sent before is sent again whatever the device declares by now: it may have a result to repeat.
  if (!command.redelivered && !supports(state.terms.capabilities, command.operation)) {
    return [unsent(state, command, 'UNSENT_CAUSE_UNSUPPORTED', declaredName(command.operation))];
  }
  state.outbox ??= createOutbox();
  switch (offer(state.outbox, command, state.terms, now)) {
    case 'send':
      return [send(state, command, now)];
    case 'wait':
    case 'known':
      return [];
    case 'full':
      return [unsent(state, command, 'UNSENT_CAUSE_QUEUE_FULL')];
  }
}

function onCancel(session: Session, { command: id, reason }: Extract<ClusterSaid, { kind: 'cancel' }>): Effect[] {
  const { state } = session;
  if (state.kind !== 'live') return [];
  const waiting = state.outbox && removeWaiting(state.outbox, id);
  if (waiting && !waiting.redelivered) return [unsent(state, waiting, 'UNSENT_CAUSE_CANCELLED', reason)];
  return [{ kind: 'send', message: { kind: 'cancel', command: id, reason, device: state.ticket.device } }];
}

function onDiscarded({ state }: Session, id: CommandId): Effect[] {
  const waiting = state.kind === 'live' && state.outbox && removeWaiting(state.outbox, id);
  return waiting ? [unsent(state, waiting, 'UNSENT_CAUSE_CANCELLED')] : [];
}

function onResultReceived({ state }: Session, command: CommandId): Effect[] {
  if (state.kind !== 'known' && state.kind !== 'opening' && state.kind !== 'live') return [];
  return [{ kind: 'send', message: { kind: 'result-received', command } }];
}
