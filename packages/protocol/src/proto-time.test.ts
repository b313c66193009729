import { expect, it } from 'vitest';
import { fromDuration, toDuration } from './proto-time.ts';

it.each([
  [0, { seconds: 0, nanos: 0 }],
  [1, { seconds: 0, nanos: 1_000_000 }],
  [1_500, { seconds: 1, nanos: 500_000_000 }],
  [-1_500, { seconds: -1, nanos: -500_000_000 }],
  [2_678_400_000, { seconds: 2_678_400, nanos: 0 }],
])('%d ms are the duration %j, and back', (ms, duration) => {
  expect(toDuration(ms)).toEqual(duration);
  expect(fromDuration(duration)).toBe(ms);
});

it.each([
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 315_576_000_000],
  [Number.NEGATIVE_INFINITY, -315_576_000_000],
  [999.999_999_9, 0],
])('%d ms are within what a duration can be', (ms, seconds) => {
  const duration = toDuration(ms);
  expect(duration.seconds).toBe(seconds);
  expect(Math.abs(duration.nanos)).toBeLessThan(1e9);
});
