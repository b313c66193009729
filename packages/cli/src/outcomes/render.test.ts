import { describe, expect, it } from 'vitest';
import { plain } from '../output/print.ts';
import { countOutcomes } from './outcomes.ts';
import type { PushEntry } from './render.ts';
import { isAllReached, renderResult, resultOf } from './render.ts';

const entry = (id: string, outcome: PushEntry['outcome'], more: Partial<PushEntry> = {}): PushEntry => ({
  id,
  outcome,
  reason: '',
  ...more,
});
const away = entry('b', 'NOT_CONNECTED', { reason: 'no live link' });
const mixed = [entry('a', 'SUCCEEDED'), away, entry('c', 'SUCCEEDED')];
const lines = (entries: PushEntry[], wait: 'finished' | 'connected' = 'finished') =>
  renderResult(resultOf(entries, wait), plain).split('\n');

describe('outcomes of a push', () => {
  it('are counted by name', () => {
    expect(countOutcomes(mixed)).toEqual({ SUCCEEDED: 2, NOT_CONNECTED: 1 });
  });

  it('are a table with reasons and a sum', () => {
    expect(lines(mixed)).toEqual([
      'DEVICE  OUTCOME        REASON',
      'a       SUCCEEDED',
      'b       NOT_CONNECTED  no live link',
      'c       SUCCEEDED',
      '',
      '3 devices: 2 SUCCEEDED, 1 NOT_CONNECTED',
    ]);
  });

  it('of many devices list those that did not get there', () => {
    const many = Array.from({ length: 500 }, (_, index) => entry(`d-${index}`, 'SUCCEEDED'));
    expect(lines([...many, away])).toEqual([
      'DEVICE  OUTCOME        REASON',
      'b       NOT_CONNECTED  no live link',
      '',
      '501 devices: 500 SUCCEEDED, 1 NOT_CONNECTED',
    ]);
  });

  it('of very many that did not get there list a hundred, and say how many there are', () => {
    const shown = lines(Array.from({ length: 150 }, (_, index) => entry(`d-${index}`, 'FAILED')));
    expect(shown).toHaveLength(1 + 100 + 1 + 1 + 1);
    expect(shown.slice(-2)).toEqual([
      '… and 50 more that did not get there; --json lists all',
      '150 devices: 150 FAILED',
    ]);
  });

  it('show the ids of commands that have not ended, and what devices answered, on one line', () => {
    const answered = entry('a', 'SUCCEEDED', { output: 'line one\nline two\n', commandId: 'c-1' });
    const waiting = entry('b', 'QUEUED', { commandId: 'c-2' });
    const late = entry('c', 'SUCCEEDED', { alreadyEnded: true });
    expect(lines([answered, waiting, late], 'connected')).toEqual([
      'DEVICE  OUTCOME    COMMAND  REASON               OUTPUT',
      'a       SUCCEEDED  c-1                           line one line two',
      'b       QUEUED     c-2',
      'c       SUCCEEDED           it had ended before',
      '',
      '3 devices: 2 SUCCEEDED, 1 QUEUED',
    ]);
  });

  it('are good where all reached what was waited for', () => {
    expect(isAllReached(resultOf(mixed, 'finished'))).toBe(false);
    const queued = resultOf([entry('a', 'QUEUED')], 'connected');
    expect([isAllReached(queued), isAllReached({ ...queued, wait: 'delivered' })]).toEqual([true, false]);
  });
});
