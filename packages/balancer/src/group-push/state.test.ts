import type { GroupPushState } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { nextStanding, type Situation } from './state.ts';

const rule = { abortFailedPercent: 10, abortAfter: 1 };
const failing = { out: 2, ended: 2, failed: 1 };
const fine = { out: 2, ended: 2, failed: 0 };

describe('nextStanding', () => {
  it.each<[string, GroupPushState, Partial<Situation>, GroupPushState]>([
    ['runs as long as it is wished', 'running', {}, 'running'],
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
    expect(nextStanding({ state, reason: '' }, situation).state).toBe(expected);
  });

  it('says why it was aborted, and keeps it', () => {
    const situation: Situation = { desiredState: 'running', tally: failing, request: rule, isLeft: true };
    const aborted = nextStanding({ state: 'running', reason: '' }, situation);
    expect(aborted.reason).toContain('1 of 2 that ended did not succeed');
    expect(nextStanding(aborted, { ...situation, tally: fine })).toEqual(aborted);
  });
});
