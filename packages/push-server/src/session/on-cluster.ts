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
import type { PushedCommand } from './command.ts';
import { attach, end, expired, send, unsent } from './effects.ts';
import { createOutbox, offer, removeWaiting } from './outbox.ts';
import type { Effect, RedirectTarget, Session, Ticket } from './session.ts';

/** An input from the cluster: a request of a balancer, another worker or the supervisor, or the answer to an effect. */
export type ClusterInput =
  | { kind: 'ticket-good'; ticket: Ticket }
  | { kind: 'ticket-bad'; reason: CloseReason }
  /** `group`: of the device nowMs; its ticket may be older. */
  | { kind: 'opened'; device: DeviceId; epoch: Epoch; previous: SessionRef | undefined; group?: GroupPath | undefined }
  | { kind: 'open-failed'; reason: CloseReason }
  | { kind: 'push'; command: PushedCommand }
  /** Cancels a command, also one that came over an earlier link. */
  | { kind: 'cancel'; command: CommandId; reason: string }
  /** Drops a command that is not written yet. One that is written goes on. */
  | { kind: 'discard'; command: CommandId }
  /** The result of a durable command, which the device has reported over this link, is stored. */
  | { kind: 'result-received'; command: CommandId }
  | { kind: 'close'; reason: CloseReason; target?: RedirectTarget };

export function onCluster(session: Session, input: ClusterInput, nowMs: number, attendedMs: number): Effect[] {
  switch (input.kind) {
    case 'ticket-good':
      return onTicket(session, input.ticket, nowMs, attendedMs);
    case 'ticket-bad':
    case 'open-failed':
      return session.state.kind === 'ended' ? [] : end(session, input.reason, nowMs);
    case 'opened':
      return onOpened(session, input, attendedMs);
    case 'push':
      return onPush(session, input.command, nowMs);
    case 'cancel':
      return onCancel(session, input);
    case 'discard':
      return onDiscarded(session, input.command);
    case 'result-received':
      return onResultReceived(session, input.command);
    case 'close':
      return session.state.kind === 'ended' ? [] : end(session, input.reason, nowMs, input.target);
    default:
      return input satisfies never;
  }
}

function onTicket(session: Session, ticket: Ticket, nowMs: number, attendedMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'checking') return [];
  if (state.claimedDevice !== undefined && state.claimedDevice !== ticket.device) {
    return end(session, 'ticketForAnotherDevice', nowMs);
  }
  // What it says while its ticket is verified is read from now on.
  session.heardAtMs = attendedMs;
  const deadlineMs = attendedMs + session.deadlines.attachMs;
  const known = { kind: 'known', deadlineMs, terms: state.terms, ticket, outbox: undefined } as const;
  session.state = known;
  const accepted: Effect = { kind: 'send', message: { kind: 'accepted', device: ticket.device } };
  return state.attach ? [accepted, ...attach(session, known)] : [accepted];
}

function onOpened(session: Session, input: Extract<ClusterInput, { kind: 'opened' }>, attendedMs: number): Effect[] {
  const { state } = session;
  const { device, group, epoch, previous } = input;
  const isGone = state.kind !== 'opening';
  const evict: Effect[] = previous ? [{ kind: 'evict', device, previous, ...(isGone ? { isGone } : {}) }] : [];
  // The link ended, or the device detached, while the registry was asked: nobody would ever close this session. The one before it in the
  // registry may well be that of a newer link, whose question was quicker.
  if (isGone) return [...evict, { kind: 'close-session', device, group, epoch }];
  const { terms, outbox } = state;
  const ticket = { ...state.ticket, group: group ?? state.ticket.group };
  session.heardAtMs = attendedMs;
  session.state = { kind: 'live', terms, ticket, epoch, outbox };
  return [{ kind: 'send', message: { kind: 'attached', device } }, ...evict];
}

function onPush(session: Session, command: PushedCommand, nowMs: number): Effect[] {
  const { state } = session;
  if (state.kind !== 'live') return [];
  if (command.deliverByMs <= nowMs) return expired(state, command);
  // What may have been sent before is sent again whatever the device declares by nowMs: it may have a result to repeat.
  if (!command.redelivered && !supports(state.terms.capabilities, command.operation)) {
    return [unsent(state, command, 'UNSENT_CAUSE_UNSUPPORTED', declaredName(command.operation))];
  }
  state.outbox ??= createOutbox();
  switch (offer(state.outbox, command, state.terms, nowMs)) {
    case 'send':
      return [send(state, command, nowMs)];
    case 'wait':
    case 'known':
      return [];
    case 'full':
      return [unsent(state, command, 'UNSENT_CAUSE_QUEUE_FULL')];
  }
}

function onCancel(session: Session, { command: id, reason }: Extract<ClusterInput, { kind: 'cancel' }>): Effect[] {
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
