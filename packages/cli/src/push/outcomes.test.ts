import { describe, expect, it } from 'vitest';
import { plain } from '../output/style.ts';
import { countOutcomes, isReached, renderOutcomes } from './outcomes.ts';
import type { PushEntry } from './push-sync.ts';

const entry = (id: string, outcome: PushEntry['outcome'], reason = ''): PushEntry => ({ id, outcome, reason });
const mixed = [entry('a', 'SUCCEEDED'), entry('b', 'NOT_CONNECTED', 'no live link'), entry('c', 'SUCCEEDED')];

describe('outcomes of a push', () => {
  it('are counted by name', () => {
    expect(countOutcomes(mixed)).toEqual({ SUCCEEDED: 2, NOT_CONNECTED: 1 });
  });

  it('are a table with reasons and a sum', () => {
    expect(renderOutcomes(mixed, 'finished', plain).split('\n')).toEqual([
      'DEVICE  OUTCOME        REASON',
      'a       SUCCEEDED',
      'b       NOT_CONNECTED  no live link',
      'c       SUCCEEDED',
      '',
      '3 devices: 2 SUCCEEDED, 1 NOT_CONNECTED',
    ]);
  });

  it('of many devices list those that did not get there', () => {
    const many = [...Array.from({ length: 500 }, (_, index) => entry(`d-${index}`, 'SUCCEEDED')), ...mixed.slice(1, 2)];
    expect(renderOutcomes(many, 'finished', plain).split('\n')).toEqual([
      'DEVICE  OUTCOME        REASON',
      'b       NOT_CONNECTED  no live link',
      '',
      '501 devices: 500 SUCCEEDED, 1 NOT_CONNECTED',
    ]);
  });

  it.each([
    ['ROUTED', 'accepted', true],
    ['ROUTED', 'delivered', false],
    ['DELIVERED', 'delivered', true],
    ['DELIVERED', 'finished', false],
    ['SUCCEEDED', 'accepted', true],
    ['FAILED', 'delivered', false],
    ['OUTCOME_UNKNOWN', 'delivered', false],
    ['NOT_ACCEPTED', 'accepted', false],
  ] as const)('%s satisfies a wait for "%s": %s', (outcome, wait, isEnough) => {
    expect(isReached(entry('a', outcome), wait)).toBe(isEnough);
  });
});
