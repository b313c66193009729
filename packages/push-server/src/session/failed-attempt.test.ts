import { CloseReason, type CommandId } from '@pushfleet/protocol';
import { attemptWeight } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { LinkTerms } from './command.ts';
import { failedWeight } from './failed-attempt.ts';
import { brief, command, live, onClock, onCluster, onDevice, push, succeeded, terms } from './session.fixture.ts';
import type { Effect, Session } from './session.ts';

const suspect = (id: string, more = {}) =>
  command(id, { isSuspect: true, deliverByMs: 9_000, finishByMs: 9_000, ...more });
const normal = (id: string, more = {}) => command(id, { deliverByMs: 9_000, finishByMs: 9_000, ...more });
const confirm = (session: Session, id: string, nowMs = 0) =>
  onDevice(session, { kind: 'delivered', command: id as CommandId }, nowMs);
const succeed = (session: Session, id: string, nowMs = 0) =>
  onDevice(session, { kind: 'result', result: succeeded(id) }, nowMs);
const sent = (effects: readonly Effect[]) => brief(effects).filter((effect) => effect.startsWith('send command'));

/** Which commands the end of the link speaks against, and how. */
function failedOf(session: Session, reason: CloseReason = 'linkLost', nowMs = 0): Record<string, object | undefined> {
  const effects = onDevice(session, { kind: 'fault', reason }, nowMs);
  const lost = effects.filter((effect) => effect.kind === 'report' && effect.report.report === 'linkLost');
  return Object.fromEntries(
    lost.map((effect) => (effect.kind === 'report' ? [effect.report.commandId, effect.failed] : [])),
  );
}

describe('the end of a link', () => {
  it('speaks against all that the device was taking in, and says when it was one alone', () => {
    const session = live({ window: 4 });
    for (const id of ['c1', 'c2', 'c3']) push(session, normal(id));
    confirm(session, 'c1');
    succeed(session, 'c2');
    // c1 is confirmed, and a moment old.
    expect(failedOf(session, 'linkLost', 1_999)).toEqual({
      c1: { weight: attemptWeight.quiet + attemptWeight.first, alone: false },
      c3: { weight: attemptWeight.broken, alone: false },
    });
    const later = live({ window: 4 });
    for (const id of ['c1', 'c2']) push(later, normal(id));
    confirm(later, 'c1');
    expect(failedOf(later, 'linkLost', 2_000)).toEqual({
      c1: undefined,
      c2: { weight: attemptWeight.broken + attemptWeight.first, alone: true },
    });
  });

  it.each(Object.keys(CloseReason) as CloseReason[])('by %s counts only where it is the device’s doing', (reason) => {
    const ours = failedWeight(reason, false, terms) === 0;
    const theirs = ['linkLost', 'deviceError', 'goodbye', 'keepAliveTimeout', 'internalError', 'malformed'];
    const broken = [
      'protocolError',
      'frameTooLarge',
      'topicNotAllowed',
      'qosNotSupported',
      'retainNotSupported',
      'topicInvalid',
      'topicAliasInvalid',
      'subscriptionIdsNotSupported',
      'payloadInvalid',
    ];
    expect(ours).toBe(![...theirs, ...broken].includes(reason));
  });

  const noConfirms: LinkTerms = { ...terms, confirms: false };
  it.each<[CloseReason, string, boolean, LinkTerms, number]>([
    ['linkLost', 'has not confirmed', false, terms, attemptWeight.broken],
    ['linkLost', 'has confirmed', true, terms, attemptWeight.quiet],
    ['linkLost', 'cannot confirm', true, noConfirms, attemptWeight.broken],
    ['goodbye', 'has not confirmed', false, terms, attemptWeight.quiet],
    ['goodbye', 'has confirmed', true, terms, 0],
    ['goodbye', 'cannot confirm', true, noConfirms, 0],
    ['keepAliveTimeout', 'has not confirmed', false, terms, attemptWeight.quiet],
    ['sessionTakenOver', 'has not confirmed', false, terms, 0],
    ['serverShuttingDown', 'has not confirmed', false, terms, 0],
  ])('by %s weighs against a command that the device %s', (reason, _, confirmed, of, weight) => {
    expect(failedWeight(reason, confirmed, of)).toBe(weight);
  });

  it('says nothing of it where our side ends the link', () => {
    const session = live();
    push(session, normal('c1'));
    const effects = onCluster(session, { kind: 'close', reason: 'useAnotherServer' }, 0);
    expect(effects.find((effect) => effect.kind === 'report')).not.toHaveProperty('failed');
  });
});

describe('a command upon which a link has ended', () => {
  it('is written after all others, and by itself', () => {
    const session = live({ window: 2 });
    expect(sent(push(session, normal('c1')))).toEqual(['send command c1']);
    expect(sent(push(session, suspect('s1')))).toEqual([]);
    expect(sent(push(session, suspect('s2')))).toEqual([]);
    // Others pass it.
    expect(sent(push(session, normal('c2')))).toEqual(['send command c2']);
    push(session, normal('c3'));
    expect(sent(confirm(session, 'c1'))).toEqual(['send command c3']);
    confirm(session, 'c2');
    confirm(session, 'c3');
    expect(sent(onClock(session, 1_999))).toEqual([]);
    expect(sent(onClock(session, 2_000))).toEqual(['send command s1']);
    // While it is on its way nothing else is.
    expect(sent(push(session, normal('c4'), 2_100))).toEqual([]);
    confirm(session, 's1', 2_200);
    expect(sent(onClock(session, 3_999))).toEqual([]);
    expect(sent(onClock(session, 4_000))).toEqual(['send command c4']);
    // A result is as good as time.
    expect(sent(succeed(session, 'c4', 4_100))).toEqual(['send command s2']);
    expect(failedOf(session, 'linkLost', 4_200)).toEqual({
      s1: undefined,
      s2: { weight: attemptWeight.broken + attemptWeight.first, alone: true },
    });
  });

  it('goes at once where nothing else does', () => {
    const session = live();
    expect(sent(push(session, suspect('s1')))).toEqual(['send command s1']);
    expect(sent(push(session, suspect('s2')))).toEqual([]);
    expect(sent(succeed(session, 's1'))).toEqual(['send command s2']);
  });

  it('does not hold a link up that confirms nothing', () => {
    const session = live({ confirms: false });
    push(session, suspect('s1'));
    expect(sent(push(session, normal('c1'), 100))).toEqual([]);
    expect(sent(onClock(session, 2_000))).toEqual(['send command c1']);
  });

  it('is not sent again once its result has come, from an earlier link', () => {
    const session = live({ window: 1 });
    push(session, normal('c1'));
    push(session, suspect('s1', { redelivered: true }));
    push(session, normal('c2', { redelivered: true }));
    expect(brief(succeed(session, 's1'))).toEqual(['report result s1 to every']);
    expect(brief(succeed(session, 'c2'))).toEqual(['report result c2 to every']);
    expect(sent(succeed(session, 'c1'))).toEqual([]);
    expect(sent(onClock(session, 10_000))).toEqual([]);
  });

  it('is given up while it waits like any other: withdrawn, too late, or left behind by its link', () => {
    const session = live();
    push(session, normal('c1'));
    push(session, suspect('s1'));
    expect(push(session, suspect('s1'))).toEqual([]);
    const withdrawn = onCluster(session, { kind: 'cancel', command: 's1' as CommandId, reason: '' }, 0);
    expect(brief(withdrawn)).toEqual(['report unsent UNSENT_CAUSE_CANCELLED s1 to 1']);
    push(session, suspect('s2', { deliverByMs: 50 }));
    expect(brief(onClock(session, 50))).toEqual(['report unsent UNSENT_CAUSE_EXPIRED s2 to 1']);
    push(session, suspect('s3'));
    expect(brief(onDevice(session, { kind: 'fault', reason: 'linkLost' }, 60))).toContain(
      'report unsent UNSENT_CAUSE_LINK_LOST s3 to 1',
    );
  });
});
