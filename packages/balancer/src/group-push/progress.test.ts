import type { GroupPushState } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { abortReason, nextState, type Situation, tallyOf } from './progress.ts';

const rule = { abortFailedPercent: 10, abortAfter: 1 };
const failing = { recorded: 2, ended: 2, failed: 1 };
const fine = { recorded: 2, ended: 2, failed: 0 };

describe('nextState', () => {
  it.each<[string, GroupPushState, Partial<Situation>, GroupPushState]>([
    ['runs as long as it is to', 'running', {}, 'running'],
    ['pauses', 'running', { desiredState: 'paused' }, 'paused'],
    ['goes on', 'paused', { desiredState: 'running' }, 'running'],
    ['has nothing to pause once all are out', 'running', { desiredState: 'paused', isLeft: false }, 'running'],
    ['is cancelled', 'running', { desiredState: 'cancelled' }, 'cancelled'],
    ['is cancelled while it pauses', 'paused', { desiredState: 'cancelled' }, 'cancelled'],
    ['is cancelled when all are out', 'running', { desiredState: 'cancelled', isLeft: false }, 'cancelled'],
    ['is aborted when too many fail', 'running', { tally: failing }, 'aborted'],
    ['is aborted while it pauses', 'paused', { tally: failing, desiredState: 'paused' }, 'aborted'],
    ['has nothing to abort once all are out', 'running', { tally: failing, isLeft: false }, 'running'],
    ['stays aborted when it is cancelled', 'aborted', { desiredState: 'cancelled' }, 'aborted'],
    ['stays cancelled', 'cancelled', { desiredState: 'cancelled', tally: failing }, 'cancelled'],
    ['stays done', 'done', { desiredState: 'cancelled', tally: failing }, 'done'],
  ])('%s', (_, state, change, expected) => {
    const situation: Situation = { desiredState: 'running', tally: fine, request: rule, isLeft: true, ...change };
    expect(nextState({ state, reason: '' }, situation).state).toBe(expected);
  });

  it('says why it was aborted, and keeps it', () => {
    const situation: Situation = { desiredState: 'running', tally: failing, request: rule, isLeft: true };
    const aborted = nextState({ state: 'running', reason: '' }, situation);
    expect(aborted.reason).toContain('1 of 2 that ended did not succeed');
    expect(nextState(aborted, { ...situation, tally: fine })).toEqual(aborted);
  });
});

const at = (succeeded: number, failed: number) =>
  tallyOf({ OUTCOME_SUCCEEDED: succeeded, OUTCOME_FAILED: failed, OUTCOME_RUNNING: 1_000 });

describe('abortReason', () => {
  it.each([
    ['stays silent before enough have ended', 10, 20, at(0, 19), false],
    ['speaks from then on', 10, 20, at(0, 20), true],
    ['lets pass what is just the share', 30, 20, at(70, 30), false],
    ['stops what is more than the share', 30, 20, at(69, 30), true],
    ['never stops a push without a share', 0, 1, at(0, 1_000), false],
    ['stops at the first one that fails if told so', 1, 1, at(0, 1), true],
    ['lets pass at a share of 100 percent', 100, 1, at(0, 50), false],
  ])('%s', (_, abortFailedPercent, abortAfter, counts, stops) => {
    expect(abortReason({ abortFailedPercent, abortAfter }, counts) !== undefined).toBe(stops);
  });

  it('says how many', () => {
    expect(abortReason({ abortFailedPercent: 10, abortAfter: 20 }, at(17, 3))).toBe(
      '3 of 20 that ended did not succeed, which is more than 10 %',
    );
  });
});

describe('tallyOf', () => {
  it('tells what ended from what is in flight, and counts all that is no success as failed', () => {
    const counts = {
      OUTCOME_QUEUED: 1,
      OUTCOME_RUNNING: 2,
      OUTCOME_SUCCEEDED: 4,
      OUTCOME_NOT_CONNECTED: 8,
      OUTCOME_UNKNOWN: 16,
    };
    expect(tallyOf(counts)).toEqual({ recorded: 31, ended: 28, failed: 24 });
  });
});
