import { advance, dropExpired, dropFinished, isEmpty, isUnanswered, type Outbox } from './outbox.ts';
import { sendAll } from './reports.ts';
import { type Effect, endsAt, type Session, type SessionState } from './session.ts';
import { end } from './transitions.ts';

const nothing: readonly Effect[] = [];

/** To be called when the time of `endsAt` has come, and about once a second while the session has commands. */
export function onClock(session: Session, now: number, attended: number): readonly Effect[] {
  const { state, heardAt } = session;
  switch (state.kind) {
    case 'greeting':
    case 'checking':
      return attended >= endsAt(session) ? end(session, 'greetingTimeout', now) : nothing;
    case 'known':
      if (attended < endsAt(session)) return nothing;
      return end(session, attended >= state.deadline ? 'greetingTimeout' : 'keepAliveTimeout', now);
    case 'opening':
      return attended >= endsAt(session) ? end(session, 'keepAliveTimeout', now) : nothing;
    case 'live': {
      const { outbox } = state;
      const isSilent = attended >= endsAt(session) || (outbox && isUnanswered(outbox, heardAt, attended));
      if (isSilent) return end(session, 'keepAliveTimeout', now);
      return outbox ? tidy(state, outbox, now, heardAt) : nothing;
    }
    case 'ended':
      return nothing;
    default:
      return state satisfies never;
  }
}

function tidy(state: Extract<SessionState, { kind: 'live' }>, outbox: Outbox, now: number, heardAt: number): Effect[] {
  dropFinished(outbox, now, state.terms, heardAt);
  const expired = dropExpired(outbox, now);
  const { send } = advance(outbox, state.terms, now);
  if (isEmpty(outbox)) state.outbox = undefined;
  return sendAll(state, { expired, send }, now);
}
