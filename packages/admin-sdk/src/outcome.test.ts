import { common } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { outcomeName } from './outcome.ts';

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
