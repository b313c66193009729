import type { CloseReason } from '@pushfleet/protocol';
import { unsentAll } from './reports.ts';
import type { Effect, Elsewhere, Session, SessionState } from './session.ts';

/** From `known` to `opening`: the device takes commands. */
export function attach(session: Session, state: Extract<SessionState, { kind: 'known' }>): Effect[] {
  const { terms, ticket, outbox } = state;
  session.state = { kind: 'opening', terms, ticket, outbox };
  return [{ kind: 'open-session', device: ticket.device, by: { link: terms.link, generation: ticket.generation } }];
}

/** From any state to `ended`. */
export function end(session: Session, reason: CloseReason, now: number, elsewhere?: Elsewhere): Effect[] {
  const { state } = session;
  session.state = { kind: 'ended' };
  const effects: Effect[] = [];
  if (state.kind === 'live') {
    effects.push(...unsentAll(state, reason, now));
    // A session that was taken over is not ours to close: the registry holds the newer one.
    if (reason !== 'sessionTakenOver') {
      effects.push({ kind: 'close-session', device: state.ticket.device, epoch: state.epoch });
    }
  }
  effects.push(elsewhere ? { kind: 'end', reason, elsewhere } : { kind: 'end', reason });
  return effects;
}
