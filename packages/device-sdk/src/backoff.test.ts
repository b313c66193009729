import { expect, it } from 'vitest';
import { backoffMs } from './plan.ts';

const backoff = { baseMs: 1_000, capMs: 60_000 };

it.each([
  [0, 0.5, 500],
  [1, 0.5, 1_000],
  [5, 0.5, 16_000],
  [6, 0.5, 30_000],
  [10_000, 0.5, 30_000],
  [3, 0, 0],
])('attempt %i with a random %d waits %i ms', (attempt, random, expected) => {
  expect(backoffMs(attempt, backoff, () => random)).toBe(expected);
});

it('waits a retry-after out before the jitter begins', () => {
  expect(backoffMs(0, backoff, () => 0, 5_000)).toBe(5_000);
  expect(backoffMs(0, backoff, () => 0.5, 5_000)).toBe(5_500);
});
