import { expect, it } from 'vitest';
import { isOver, isReached, isSettled } from './outcomes.ts';

it.each([
  ['QUEUED', 'accepted', true],
  ['ROUTED', 'accepted', true],
  ['QUEUED', 'connected', true],
  ['ROUTED', 'connected', false],
  ['SUCCEEDED', 'connected', true],
  ['QUEUED', 'delivered', false],
  ['ROUTED', 'delivered', false],
  ['DELIVERED', 'delivered', true],
  ['DELIVERED', 'finished', false],
  ['SUCCEEDED', 'accepted', true],
  ['FAILED', 'delivered', false],
  ['OUTCOME_UNKNOWN', 'delivered', false],
  ['NOT_ACCEPTED', 'accepted', false],
] as const)('%s satisfies a wait for "%s": %s', (outcome, wait, isEnough) => {
  expect(isReached(outcome, wait)).toBe(isEnough);
});

it.each([
  ['QUEUED', 'finished', false],
  ['QUEUED', 'connected', true],
  ['RUNNING', 'connected', false],
  ['RUNNING', 'delivered', true],
  ['EXPIRED', 'accepted', true],
  ['OUTCOME_UNKNOWN', 'finished', true],
  ['NOT_ACCEPTED', 'finished', true],
] as const)('%s leaves nothing to wait for with "%s": %s', (outcome, wait, isEnough) => {
  expect(isSettled(outcome, wait)).toBe(isEnough);
});

it('knows what never changes again', () => {
  const inOrder = ['QUEUED', 'ROUTED', 'DELIVERED', 'RUNNING', 'SUCCEEDED', 'OUTCOME_UNKNOWN', 'NOT_ACCEPTED'] as const;
  expect(inOrder.map(isOver)).toEqual([false, false, false, false, true, true, true]);
});
