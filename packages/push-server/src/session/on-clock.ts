import { end, sendAll } from './effects.ts';
import { advance, dropExpired, dropFinished, isEmpty, isUnanswered, type Outbox } from './outbox.ts';
import { type Effect, endsAtMs, type LiveState, type Session } from './session.ts';

const nothing: readonly Effect[] = [];

/** To be called when the time of `endsAtMs` has come, and about once a second while the session has commands. */
export function onClock(session: Session, nowMs: number, attendedMs: number): readonly Effect[] {
  const { state, heardAtMs } = session;
  switch (state.kind) {
    case 'greeting':
      return attendedMs >= endsAtMs(session) ? end(session, 'greetingTimeout', nowMs) : nothing;
    case 'known':
      if (attendedMs < endsAtMs(session)) return nothing;
      return end(session, attendedMs >= state.deadlineMs ? 'greetingTimeout' : 'keepAliveTimeout', nowMs);
    case 'live': {
      const { outbox } = state;
      const isSilent = attendedMs >= endsAtMs(session) || (outbox && isUnanswered(outbox, heardAtMs, attendedMs));
      if (isSilent) return end(session, 'keepAliveTimeout', nowMs);
      return outbox ? tidy(state, outbox, nowMs, heardAtMs) : nothing;
    }
    case 'checking':
    case 'opening':
    case 'ended':
      return nothing;
    default:
      return state satisfies never;
  }
}

function tidy(state: LiveState, outbox: Outbox, nowMs: number, heardAtMs: number): Effect[] {
  dropFinished(outbox, nowMs, state.terms, heardAtMs);
  const expired = dropExpired(outbox, nowMs);
  const { send } = advance(outbox, state.terms, nowMs);
  if (isEmpty(outbox)) state.outbox = undefined;
  return sendAll(state, { expired, send }, nowMs);
}
