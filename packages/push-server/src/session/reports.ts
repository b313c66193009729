import type { CloseReason, node } from '@pushfleet/protocol';
import type { PushedCommand, ReportTo } from './command.ts';
import type { Effect, Report, SessionState } from './session.ts';

type Live = Extract<SessionState, { kind: 'live' }>;
type Body = Report extends infer One ? (One extends Report ? Omit<One, 'commandId' | 'deviceId'> : never) : never;

/** Tells whoever sent it how a command goes. */
export function report(state: Live, { id, channel }: { id: string; channel: ReportTo }, body: Body): Effect {
  const reported = { commandId: id, deviceId: state.ticket.device, ...body } as Report;
  return { kind: 'report', report: reported, channel, epoch: state.epoch };
}

/** Of a command that may have been sent over an earlier link nothing is said: that it was not run cannot be known here. */
export function unsent(state: Live, command: PushedCommand, cause: node.UnsentCause): Effect[] {
  return command.redelivered ? [] : [report(state, command, { report: 'unsent', unsent: { cause } })];
}

export function send(state: Live, command: PushedCommand, now: number): Effect {
  return { kind: 'send', message: { kind: 'command', command, device: state.ticket.device, now } };
}

export function sendAll(state: Live, due: { expired: PushedCommand[]; send: PushedCommand[] }, now: number): Effect[] {
  return [
    ...due.expired.flatMap((command) => unsent(state, command, 'UNSENT_CAUSE_EXPIRED')),
    ...due.send.map((command) => send(state, command, now)),
  ];
}

/** The link ends: what was never written is safe to send elsewhere, what was written may have been run. */
export function unsentAll(state: Live, reason: CloseReason): Effect[] {
  if (!state.outbox) return [];
  const { sent, waiting } = state.outbox;
  return [
    ...[...waiting.values()].flatMap((command) => unsent(state, command, 'UNSENT_CAUSE_LINK_LOST')),
    ...[...sent.values()].map((command) => report(state, command, { report: 'linkLost', linkLost: { reason } })),
  ];
}
