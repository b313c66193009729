import { common, type Epoch, hasEnded } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import {
  attemptWeight,
  type CommandState,
  confirm,
  dueAt,
  end,
  failAttempt,
  firstEndedRank,
  isToSendAgain,
  lapse,
  outcomeOf,
  outcomesByRank,
  rankOf,
  release,
  route,
  routeAgain,
  run,
} from './command-state.ts';

const first = 7 as Epoch;
const later = 8 as Epoch;

const queued: CommandState = {
  ...{ stage: 'queued', outcome: 'OUTCOME_QUEUED', reason: '', atMs: 1_000 },
  ...{ deliverByMs: 2_000, finishByMs: 3_000, keepEndedMs: 500 },
  ...{ epoch: 0, nodeId: '', routedAtMs: 0, deliveredAtMs: 0, runningAtMs: 0 },
  ...{ isUnconfirmed: false, maybeSent: false, cancelRequested: false, failedWeight: 0, failedEpoch: 0 },
};
const routed = route(queued, first, 'dp-1', 1_100);

describe('the state of a command', () => {
  it('has a rank for each outcome, from SUCCEEDED on those of commands that have ended', () => {
    expect(outcomesByRank).toEqual(Object.keys(common.Outcome));
    for (const [rank, outcome] of outcomesByRank.entries()) {
      expect([outcome, outcomeOf(rankOf(outcome))]).toEqual([outcome, outcome]);
      expect([outcome, rank >= firstEndedRank]).toEqual([outcome, hasEnded(outcome)]);
    }
    expect(outcomeOf(firstEndedRank)).toBe('OUTCOME_SUCCEEDED');
    expect(outcomesByRank.filter(hasEnded)).toHaveLength(8);
    expect(outcomeOf(99)).toBe('OUTCOME_UNSPECIFIED');
  });

  it.each([
    ['waits', queued, 1_999, 'OUTCOME_QUEUED', 1_000],
    ['waits for too long', queued, 2_000, 'OUTCOME_EXPIRED', 2_000],
    ['is on its way', routed, 2_500, 'OUTCOME_ROUTED', 1_100],
    ['was taken and has no result', routed, 3_000, 'OUTCOME_UNKNOWN', 3_000],
    ['runs and has no result', run(routed, 1_200), 3_400, 'OUTCOME_UNKNOWN', 3_000],
    ['has ended', end(routed, 'OUTCOME_FAILED', 'why', 1_300), 1_799, 'OUTCOME_FAILED', 1_300],
  ] as const)('as time leaves it, when it %s', (_, state, nowMs, outcome, atMs) => {
    expect(lapse(state, nowMs)).toMatchObject({ outcome, atMs });
  });

  it('is forgotten when it was kept for long enough, also where nobody looked in between', () => {
    expect(lapse(end(routed, 'OUTCOME_FAILED', '', 1_300), 1_800)).toBeUndefined();
    expect(lapse(queued, 2_499)).toMatchObject({ outcome: 'OUTCOME_EXPIRED' });
    expect(lapse(queued, 2_500)).toBeUndefined();
    expect(lapse(routed, 3_500)).toBeUndefined();
  });

  it('leaves the window when it is confirmed, or too late to be sent', () => {
    expect(routed).toMatchObject({ stage: 'in-flight', epoch: first, nodeId: 'dp-1', isUnconfirmed: true });
    expect(dueAt(routed)).toBe(2_000);
    expect(lapse(routed, 2_000)).toMatchObject({ stage: 'taken', outcome: 'OUTCOME_ROUTED' });
    expect(confirm(routed, 1_200)).toMatchObject({
      stage: 'taken',
      outcome: 'OUTCOME_DELIVERED',
      deliveredAtMs: 1_200,
    });
    expect(run(routed, 1_200)).toMatchObject({ outcome: 'OUTCOME_RUNNING', deliveredAtMs: 1_200, runningAtMs: 1_200 });
    expect(confirm(run(routed, 1_200), 1_300)).toMatchObject({ outcome: 'OUTCOME_RUNNING', atMs: 1_200 });
  });

  it('is sent again to a later session, and to the same one when it has not confirmed it for 5 s', () => {
    const patient = { ...routed, deliverByMs: 20_000, finishByMs: 30_000 };
    expect(isToSendAgain(patient, later, 1_101)).toBe(true);
    expect(isToSendAgain(patient, first, 6_099)).toBe(false);
    expect(isToSendAgain(patient, first, 6_100)).toBe(true);
    expect(isToSendAgain(confirm(patient, 1_200), first, 9_000)).toBe(false);
    expect(isToSendAgain(confirm(patient, 1_200), later, 9_000)).toBe(true);
    expect(isToSendAgain({ ...patient, stage: 'taken' }, later, 20_000)).toBe(false);
    expect(isToSendAgain(queued, later, 1_200)).toBe(false);
  });

  it('waits again when it was given back by who took it last, and was never sent', () => {
    expect(release(routed, first, 1_200)).toMatchObject({ stage: 'queued', outcome: 'OUTCOME_QUEUED', routedAtMs: 0 });
    expect(release(routed, later, 1_200)).toBeUndefined();
    expect(release(confirm(routed, 1_150), first, 1_200)).toBeUndefined();
    expect(release(queued, first, 1_200)).toBeUndefined();
    expect(release(routed, first, 2_000)).toMatchObject({ outcome: 'OUTCOME_EXPIRED' });
    const unwanted = { ...routed, cancelRequested: true, reason: 'stop' };
    expect(release(unwanted, first, 1_200)).toMatchObject({ outcome: 'OUTCOME_CANCELLED', reason: 'stop' });
  });

  it('is rejected when its link ended upon it twice, the second time with nothing else to blame', () => {
    const broken = { epoch: first, weight: attemptWeight.broken, alone: true, reason: 'each time' };
    const once = failAttempt(routed, broken, 1_200);
    expect(once).toMatchObject({ stage: 'taken', outcome: 'OUTCOME_ROUTED', failedEpoch: first });
    if (!once) throw new Error('nothing new');
    expect(failAttempt(once, broken, 1_300)).toBeUndefined();
    const again = routeAgain(once, later, 'dp-2', 1_300);
    expect(failAttempt(again, { ...broken, epoch: later, alone: false }, 1_400)).toMatchObject({ stage: 'taken' });
    const rejected = failAttempt(again, { ...broken, epoch: later }, 1_400);
    expect(rejected).toMatchObject({ outcome: 'OUTCOME_REJECTED', reason: 'each time', atMs: 1_400 });
    const unknown = failAttempt(confirm(again, 1_350), { ...broken, epoch: later }, 1_400);
    expect(unknown).toMatchObject({ outcome: 'OUTCOME_UNKNOWN' });
    expect(failAttempt(confirm(again, 1_350), { ...broken, epoch: first }, 1_400)).toBeUndefined();
    expect(failAttempt(queued, broken, 1_200)).toBeUndefined();
  });

  it('is never called unsent where an earlier session may have sent it', () => {
    const again = routeAgain(routed, later, 'dp-2', 1_300);
    expect(again).toMatchObject({ maybeSent: true, nodeId: 'dp-2', outcome: 'OUTCOME_ROUTED' });
    const released = release(again, later, 2_000);
    expect(released).toMatchObject({ outcome: 'OUTCOME_ROUTED', epoch: 0 });
    expect(released && isToSendAgain(released, later, 1_400)).toBe(true);
  });
});
