import { expect, it } from 'vitest';
import { countedFromUs } from './push-load.ts';

it.each([
  ['at once', 1_000, 1_000, 1_000],
  ['as late as a timer of an idle process', 1_000, 2_100, 2_100],
  ['later than that', 1_000, 2_101, 1_000],
  ['after a standstill', 1_000, 5_001_000, 1_000],
])(
  'counts the latency of a command that is sent %s from when it was due, or from when a timer could send it',
  (_, dueUs, nowUs, fromUs) => {
    expect(countedFromUs(dueUs, nowUs)).toBe(fromUs);
  },
);
