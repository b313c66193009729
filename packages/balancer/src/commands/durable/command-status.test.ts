import type { StoredStatus } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { mergeStatus } from './command-status.ts';

const status = (outcome: StoredStatus['outcome'], change: Partial<StoredStatus> = {}): StoredStatus => ({
  ...{ outcome, reason: '', atMs: 1 },
  ...change,
});

describe('mergeStatus', () => {
  it.each<[StoredStatus['outcome'], StoredStatus['outcome'], boolean]>([
    ['OUTCOME_QUEUED', 'OUTCOME_ROUTED', true],
    ['OUTCOME_ROUTED', 'OUTCOME_DELIVERED', true],
    ['OUTCOME_DELIVERED', 'OUTCOME_SUCCEEDED', true],
    ['OUTCOME_QUEUED', 'OUTCOME_SUPERSEDED', true],
    ['OUTCOME_ROUTED', 'OUTCOME_QUEUED', true],
    ['OUTCOME_DELIVERED', 'OUTCOME_QUEUED', false],
    ['OUTCOME_DELIVERED', 'OUTCOME_ROUTED', false],
    ['OUTCOME_RUNNING', 'OUTCOME_DELIVERED', false],
    ['OUTCOME_ROUTED', 'OUTCOME_ROUTED', false],
  ])('takes %s, then %s as new: %s', (before, next, isNew) => {
    const merged = mergeStatus(status(before), status(next, { atMs: 2 }));
    expect(merged?.outcome).toBe(isNew ? next : undefined);
  });

  it('keeps when it began to run, and what was said last', () => {
    const before = status('OUTCOME_RUNNING', { progress: { percent: 1, message: '' } });
    const statistics = { counters: { total: 1 }, atMs: 5 };
    const merged = mergeStatus(before, status('OUTCOME_RUNNING', { atMs: 9, statistics }));
    expect(merged).toEqual({ ...before, statistics });
    expect(mergeStatus(merged, status('OUTCOME_RUNNING', { atMs: 9 }))).toBeUndefined();
  });

  it('keeps that it is to be cancelled', () => {
    const before = status('OUTCOME_ROUTED', { cancelRequested: true });
    expect(mergeStatus(before, status('OUTCOME_SUCCEEDED'))?.cancelRequested).toBe(true);
  });
});
