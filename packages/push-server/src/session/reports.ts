import type { CloseReason, node } from '@pushfleet/protocol';
import type { PushedCommand, ReportTo } from './command.ts';
import type { Effect, ReportBody, SessionState } from './session.ts';

type Live = Extract<SessionState, { kind: 'live' }>;

/** Tells whoever sent it how a command goes. */
export function report(
  state: Live,
  { id, channel }: { id: string; channel: ReportTo },
  body: ReportBody,
  why = '',
): Effect {
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
export function unsentAll(state: Live, reason: CloseReason): Effect[] {
  if (!state.outbox) return [];
  const { sent, waiting } = state.outbox;
  return [
    ...[...waiting.values()].map((command) => unsent(state, command, 'UNSENT_CAUSE_LINK_LOST')),
    ...[...sent.values()].map((command) => report(state, command, { report: 'linkLost', linkLost: { reason } })),
  ];
}
