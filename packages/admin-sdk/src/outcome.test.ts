import { common } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { hasEnded, outcomeName } from './outcome.ts';

it('leaves the prefix out, but for OUTCOME_UNKNOWN', () => {
  expect(Object.values(common.Outcome).map(outcomeName)).toEqual([
    'UNSPECIFIED',
    'QUEUED',
    'ROUTED',
    'DELIVERED',
    'RUNNING',
    'SUCCEEDED',
    'FAILED',
    'REJECTED',
    'EXPIRED',
    'CANCELLED',
    'SUPERSEDED',
    'NOT_CONNECTED',
    'OUTCOME_UNKNOWN',
  ]);
});

it('calls a command ended from SUCCEEDED on', () => {
  const ladder = Object.values(common.Outcome);
  expect(ladder.filter((outcome) => !hasEnded(outcome))).toEqual(ladder.slice(0, 5));
});
