import { describe, expect, it } from 'vitest';
import { abortReason } from './abort-rule.ts';
import { tally } from './outcomes.ts';

const at = (succeeded: number, failed: number) =>
  tally({ OUTCOME_SUCCEEDED: succeeded, OUTCOME_FAILED: failed, OUTCOME_RUNNING: 1_000 });

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

describe('tally', () => {
  it('tells what ended from what is under way, and counts all that is no success as failed', () => {
    const counts = {
      OUTCOME_QUEUED: 1,
      OUTCOME_RUNNING: 2,
      OUTCOME_SUCCEEDED: 4,
      OUTCOME_NOT_CONNECTED: 8,
      OUTCOME_UNKNOWN: 16,
    };
    expect(tally(counts)).toEqual({ out: 31, ended: 28, failed: 24 });
  });
});
