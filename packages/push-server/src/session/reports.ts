import type { CloseReason, node } from '@pushfleet/protocol';
import { attemptWeight } from '@pushfleet/registry';
import type { PushedCommand, ReportTo } from './command.ts';
import { failedWeight } from './failed-attempt.ts';
import { freshOf, type SentCommand, unwritten } from './outbox.ts';
import type { Effect, ReportBody, ReportEffect, SessionState } from './session.ts';

type Live = Extract<SessionState, { kind: 'live' }>;

/** Tells whoever sent it how a command goes. */
export function report(
  state: Live,
  { id, channel }: { id: string; channel: ReportTo },
  body: ReportBody,
  why = '',
): ReportEffect {
  const reported = { commandId: id, deviceId: state.ticket.device, ...body };
  return { kind: 'report', report: reported, channel, epoch: state.epoch, why };
}

export function unsent(
  state: Live,
  command: Pick<PushedCommand, 'id' | 'channel'>,
  cause: node.UnsentCause,
  why = '',
): Effect {
  return report(state, command, { report: 'unsent', unsent: { cause, detail: why } }, why);
}

/** That it was not run cannot be said here of a command that may have been sent over an earlier link. */
export function expired(state: Live, command: PushedCommand): Effect[] {
  return command.redelivered ? [] : [unsent(state, command, 'UNSENT_CAUSE_EXPIRED')];
}

export function send(state: Live, command: PushedCommand, now: number): Effect {
  return { kind: 'send', message: { kind: 'command', command, device: state.ticket.device, now } };
}

export function sendAll(state: Live, due: { expired: PushedCommand[]; send: PushedCommand[] }, now: number): Effect[] {
  return [
    ...due.expired.flatMap((command) => expired(state, command)),
    ...due.send.map((command) => send(state, command, now)),
  ];
}

/** The link ends: what was never written is safe to send elsewhere, what was written may have been run. */
export function unsentAll(state: Live, reason: CloseReason, now: number): Effect[] {
  const { outbox, terms } = state;
  if (!outbox) return [];
  const fresh = freshOf(outbox, now);
  const lost = (command: SentCommand): Effect => {
    const said = report(state, command, { report: 'linkLost', linkLost: { reason } });
    const weight = fresh.includes(command) ? failedWeight(reason, command.confirmed, terms) : 0;
    if (weight === 0) return said;
    const isFirst = command === fresh[0];
    return { ...said, failed: { weight: weight + (isFirst ? attemptWeight.first : 0), alone: fresh.length === 1 } };
  };
  return [
    ...unwritten(outbox).map((command) => unsent(state, command, 'UNSENT_CAUSE_LINK_LOST')),
    ...[...outbox.sent.values()].map(lost),
  ];
}
