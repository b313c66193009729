import type { CloseReason, DeviceId, Epoch } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import type { Ticket } from '../tickets/ticket.ts';
import type { PushedCommand } from './command.ts';
import { createOutbox, offer } from './outbox.ts';
import { expired, refused, send } from './reports.ts';
import type { Effect, Elsewhere, Session, SessionDeadlines } from './session.ts';
import { attach, end } from './transitions.ts';

/** What our side wants of a link, and what it answers to the session's own questions. */
export type ClusterSaid =
  | { kind: 'ticket-good'; ticket: Ticket }
  | { kind: 'ticket-bad'; reason: CloseReason }
  | { kind: 'opened'; device: DeviceId; epoch: Epoch; previous: SessionRef | undefined }
  | { kind: 'open-failed'; reason: CloseReason }
  | { kind: 'push'; command: PushedCommand }
  | { kind: 'close'; reason: CloseReason; elsewhere?: Elsewhere };

export function onCluster(session: Session, said: ClusterSaid, now: number, deadlines: SessionDeadlines): Effect[] {
  switch (said.kind) {
    case 'ticket-good':
      return onTicket(session, said.ticket, now, deadlines);
    case 'ticket-bad':
    case 'open-failed':
      return session.state.kind === 'ended' ? [] : end(session, said.reason);
    case 'opened':
      return onOpened(session, said);
    case 'push':
      return onPush(session, said.command, now);
    case 'close':
      return session.state.kind === 'ended' ? [] : end(session, said.reason, said.elsewhere);
    default:
      return said satisfies never;
  }
}

function onTicket(session: Session, ticket: Ticket, now: number, deadlines: SessionDeadlines): Effect[] {
  const { state } = session;
  if (state.kind !== 'checking') return [];
  if (state.claimedDevice !== undefined && state.claimedDevice !== ticket.device) {
    return end(session, 'ticketForAnotherDevice');
  }
  const known = { kind: 'known', deadline: now + deadlines.attachMs, terms: state.terms, ticket } as const;
  session.state = known;
  const accepted: Effect = { kind: 'send', message: { kind: 'accepted', device: ticket.device } };
  return state.attach ? [accepted, ...attach(session, known)] : [accepted];
}

function onOpened(session: Session, { device, epoch, previous }: Extract<ClusterSaid, { kind: 'opened' }>): Effect[] {
  const { state } = session;
  const evict: Effect[] = previous ? [{ kind: 'evict', device, previous }] : [];
  // The link ended, or the device detached, while the registry was asked: nobody would ever close this session.
  if (state.kind !== 'opening') return [...evict, { kind: 'close-session', device, epoch }];
  const { terms, ticket } = state;
  session.state = { kind: 'live', terms, ticket, epoch, outbox: undefined };
  return [{ kind: 'send', message: { kind: 'attached', device } }, ...evict];
}

function onPush(session: Session, command: PushedCommand, now: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live') return [];
  if (command.deliverBy <= now) return [expired(state, command)];
  state.outbox ??= createOutbox();
  switch (offer(state.outbox, command, state.terms)) {
    case 'send':
      return [send(state, command, now)];
    case 'wait':
      return [];
    case 'full':
      return [refused(state, command)];
  }
}
