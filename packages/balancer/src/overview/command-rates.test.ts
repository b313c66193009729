import { expect, it } from 'vitest';
import { CommandRates } from './command-rates.ts';

const reading = (counts: Record<string, Record<string, number>>) => new Map(Object.entries(counts));

it('adds up what all processes count, over the last seconds', () => {
  const rates = new CommandRates();
  expect(rates.perSecond(5_000)).toEqual({});
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 1_000 }, b: { OUTCOME_FAILED: 5 } }), 0);
  expect(rates.perSecond(5_000)).toEqual({});
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 1_100, OUTCOME_FAILED: 1 }, b: { OUTCOME_FAILED: 10 } }), 2_000);
  expect(rates.perSecond(5_000)).toEqual({ OUTCOME_SUCCEEDED: 50, OUTCOME_FAILED: 3 });
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 1_100, OUTCOME_FAILED: 1 }, b: { OUTCOME_FAILED: 10 } }), 4_000);
  expect(rates.perSecond(2_000)).toEqual({});
  expect(rates.perSecond(5_000)).toEqual({ OUTCOME_SUCCEEDED: 25, OUTCOME_FAILED: 1.5 });
});

it('takes the reading before the last where none is recent, as where nobody has watched', () => {
  const rates = new CommandRates();
  rates.add(reading({ a: {} }), 0);
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 90 } }), 9_000);
  expect(rates.perSecond(5_000)).toEqual({ OUTCOME_SUCCEEDED: 10 });
});

it('makes no peak of a process that comes, one that does not answer for a while, or one that begins anew', () => {
  const rates = new CommandRates();
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 7 }, 'dp boot-1': { OUTCOME_FAILED: 9 } }), 0);
  rates.add(reading({ b: { OUTCOME_SUCCEEDED: 50_000 }, 'dp boot-2': {} }), 1_000);
  expect(rates.perSecond(5_000)).toEqual({});
  rates.add(reading({ a: { OUTCOME_SUCCEEDED: 1_007 }, b: { OUTCOME_SUCCEEDED: 50_010 } }), 2_000);
  expect(rates.perSecond(1_000)).toEqual({ OUTCOME_SUCCEEDED: 10 });
  expect(rates.perSecond(5_000)).toEqual({ OUTCOME_SUCCEEDED: 500 });
});
