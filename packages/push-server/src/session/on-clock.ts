import { advance, dropFinished, isEmpty } from './outbox.ts';
import { sendAll } from './reports.ts';
import type { Effect, Session } from './session.ts';
import { end } from './transitions.ts';

/** Called about once a second. */
export function onClock(session: Session, now: number): Effect[] {
  const { state, heardAt } = session;
  switch (state.kind) {
    case 'greeting':
    case 'checking':
      return now >= state.deadline ? end(session, 'greetingTimeout') : [];
    case 'known':
      if (now >= state.deadline) return end(session, 'greetingTimeout');
      return now - heardAt >= state.terms.silenceLimitMs ? end(session, 'keepAliveTimeout') : [];
    case 'opening':
    case 'live':
      if (now - heardAt >= state.terms.silenceLimitMs) return end(session, 'keepAliveTimeout');
      if (state.kind === 'opening' || !state.outbox) return [];
      dropFinished(state.outbox, now);
      if (isEmpty(state.outbox)) {
        state.outbox = undefined;
        return [];
      }
      return sendAll(state, advance(state.outbox, state.terms, now), now);
    case 'ended':
      return [];
    default:
      return state satisfies never;
  }
}
