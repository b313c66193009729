import type { CloseReason } from '@pushfleet/protocol';
import type { PushedCommand } from './command.ts';
import type { Effect, Report, SessionState } from './session.ts';

type Live = Extract<SessionState, { kind: 'live' }>;
type Body = Report extends infer One ? (One extends Report ? Omit<One, 'commandId' | 'deviceId'> : never) : never;

/** Tells the balancer that sent it how a command goes. */
export function report(state: Live, command: PushedCommand, body: Body): Effect {
  const reported = { commandId: command.id, deviceId: state.ticket.device, ...body } as Report;
  return { kind: 'report', report: reported, channel: command.channel };
}

export function expired(state: Live, command: PushedCommand): Effect {
  return report(state, command, { report: 'unsent', unsent: { cause: 'UNSENT_CAUSE_EXPIRED' } });
}

export function refused(state: Live, command: PushedCommand): Effect {
  return report(state, command, { report: 'unsent', unsent: { cause: 'UNSENT_CAUSE_QUEUE_FULL' } });
}

export function send(state: Live, command: PushedCommand, now: number): Effect {
  return { kind: 'send', message: { kind: 'command', command, device: state.ticket.device, now } };
}

export function sendAll(state: Live, due: { expired: PushedCommand[]; send: PushedCommand[] }, now: number): Effect[] {
  return [
    ...due.expired.map((command) => expired(state, command)),
    ...due.send.map((command) => send(state, command, now)),
  ];
}

/** The link ends: what was never written is safe to send elsewhere, what was written may have been run. */
export function unsentAll(state: Live, reason: CloseReason): Effect[] {
  if (!state.outbox) return [];
  const { sent, waiting } = state.outbox;
  return [
    ...waiting.map((command) =>
      report(state, command, { report: 'unsent', unsent: { cause: 'UNSENT_CAUSE_LINK_LOST' } }),
    ),
    ...[...sent.values()].map(({ command }) => report(state, command, { report: 'linkLost', linkLost: { reason } })),
  ];
}
