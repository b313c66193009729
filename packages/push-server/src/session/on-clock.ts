import { advance, dropExpired, dropFinished, isEmpty, type Outbox } from './outbox.ts';
import { sendAll } from './reports.ts';
import type { Effect, Session, SessionState } from './session.ts';
import { end } from './transitions.ts';

/** One for all: most links have nothing to do, every second. */
const nothing: readonly Effect[] = [];

/** Called about once a second. */
export function onClock(session: Session, now: number): readonly Effect[] {
  const { state, heardAt } = session;
  switch (state.kind) {
    case 'greeting':
    case 'checking':
      return now >= state.deadline ? end(session, 'greetingTimeout', now) : nothing;
    case 'known':
      if (now >= state.deadline) return end(session, 'greetingTimeout', now);
      return now - heardAt >= state.terms.silenceLimitMs ? end(session, 'keepAliveTimeout', now) : nothing;
    case 'opening':
    case 'live':
      if (now - heardAt >= state.terms.silenceLimitMs) return end(session, 'keepAliveTimeout', now);
      if (state.kind === 'opening' || !state.outbox) return nothing;
      return tidy(state, state.outbox, now);
    case 'ended':
      return nothing;
    default:
      return state satisfies never;
  }
}

function tidy(state: Extract<SessionState, { kind: 'live' }>, outbox: Outbox, now: number): Effect[] {
  dropFinished(outbox, now, state.terms);
  const expired = dropExpired(outbox, now);
  const { send } = advance(outbox, state.terms, now);
  if (isEmpty(outbox)) state.outbox = undefined;
  return sendAll(state, { expired, send }, now);
}
