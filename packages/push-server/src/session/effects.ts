import type { CloseReason, node } from '@pushfleet/protocol';
import { attemptWeight } from '@pushfleet/registry';
import type { PushedCommand, ReportTo } from './command.ts';
import { failedWeight } from './failed-attempt.ts';
import { freshOf, unwritten } from './outbox.ts';
import type { SentCommand } from './sent-commands.ts';
import type { Effect, LiveState, RedirectTarget, ReportBody, ReportEffect, Session, SessionState } from './session.ts';

/** From `known` to `opening`: the device takes commands. */
export function attach(session: Session, state: Extract<SessionState, { kind: 'known' }>): Effect[] {
  const { terms, ticket, outbox } = state;
  session.state = { kind: 'opening', terms, ticket, outbox };
  return [{ kind: 'open-session', device: ticket.device, by: { link: terms.link, generation: ticket.generation } }];
}

/** From any state to `ended`. */
export function end(session: Session, reason: CloseReason, nowMs: number, target?: RedirectTarget): Effect[] {
  const { state } = session;
  session.state = { kind: 'ended' };
  const effects: Effect[] = [];
  if (state.kind === 'live') {
    effects.push(...reportAll(state, reason, nowMs));
    // A session that was taken over is not ours to close: the registry holds the newer one.
    if (reason !== 'sessionTakenOver') {
      const { device, group } = state.ticket;
      effects.push({ kind: 'close-session', device, group, epoch: state.epoch });
    }
  }
  effects.push(target ? { kind: 'end', reason, target } : { kind: 'end', reason });
  return effects;
}

/** Reports the state of a command to whoever sent it. */
export function report(
  state: LiveState,
  { id, channel, sentAtMs }: { id: string; channel: ReportTo; sentAtMs?: number },
  body: ReportBody,
  why = '',
): ReportEffect {
  const reported = { commandId: id, deviceId: state.ticket.device, ...body };
  return { kind: 'report', report: reported, channel, epoch: state.epoch, sentAtMs, why };
}

export function unsent(
  state: LiveState,
  command: Pick<PushedCommand, 'id' | 'channel'>,
  cause: node.UnsentCause,
  why = '',
): Effect {
  return report(state, command, { report: 'unsent', unsent: { cause, detail: why } }, why);
}

/** Nothing for a redelivered command: that it was not run is unknown here, since an earlier link may have carried it. */
export function expired(state: LiveState, command: PushedCommand): Effect[] {
  return command.redelivered ? [] : [unsent(state, command, 'UNSENT_CAUSE_EXPIRED')];
}

export function send(state: LiveState, command: PushedCommand, nowMs: number): Effect {
  return { kind: 'send', message: { kind: 'command', command, device: state.ticket.device, nowMs } };
}

export function sendAll(
  state: LiveState,
  due: { expired: PushedCommand[]; send: PushedCommand[] },
  nowMs: number,
): Effect[] {
  return [
    ...due.expired.flatMap((command) => expired(state, command)),
    ...due.send.map((command) => send(state, command, nowMs)),
  ];
}

/** Reports every command of a link that ends: `unsent` where it was never written, `linkLost` where it may have been run. */
export function reportAll(state: LiveState, reason: CloseReason, nowMs: number): Effect[] {
  const { outbox, terms } = state;
  if (!outbox) return [];
  const fresh = freshOf(outbox, nowMs);
  const lost = (command: SentCommand): Effect => {
    const effect = report(state, command, { report: 'linkLost', linkLost: { reason } });
    const weight = fresh.includes(command) ? failedWeight(reason, command.confirmed, terms) : 0;
    if (weight === 0) return effect;
    const isFirst = command === fresh[0];
    return { ...effect, failed: { weight: weight + (isFirst ? attemptWeight.first : 0), alone: fresh.length === 1 } };
  };
  return [
    ...unwritten(outbox).map((command) => unsent(state, command, 'UNSENT_CAUSE_LINK_LOST')),
    ...[...outbox.sent.values()].map(lost),
  ];
}
