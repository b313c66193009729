import { describe, expect, it } from 'vitest';
import type { Overview } from '../../api/messages.ts';
import { extendHistory, withPresent } from './history.ts';

const startMs = Date.UTC(2026, 0, 1);
const sampleAt = (ms: number) => ({
  ...{ sampleTime: new Date(startMs + ms).toISOString(), links: 1, spread: 1, commandsPerSecond: {} },
});
const overviewAt = (ms: number): Overview => ({ ...sampleAt(ms), capacity: 2, nodes: [], alarms: [] });

describe('the history of the overview', () => {
  it('begins with what is known now', () => {
    expect(extendHistory([], overviewAt(0), 10_000)).toEqual([sampleAt(0)]);
  });

  it('stays the same until the interval is over', () => {
    const before = [sampleAt(0)];
    expect(extendHistory(before, overviewAt(9_999), 10_000)).toBe(before);
    expect(extendHistory(before, overviewAt(10_000), 10_000)).toEqual([sampleAt(0), sampleAt(10_000)]);
  });

  it('keeps one hour', () => {
    expect(extendHistory([sampleAt(0), sampleAt(10_000)], overviewAt(3_600_000), 10_000)).toEqual([
      sampleAt(10_000),
      sampleAt(3_600_000),
    ]);
  });
});

describe('the history with the present', () => {
  const busy = { ...overviewAt(4_000), links: 100 };
  const ended = { ...overviewAt(4_000), commandsPerSecond: { OUTCOME_SUCCEEDED: 3 } };

  it.each([
    ['of a cluster that has just begun', [], overviewAt(0), [1]],
    ['whose links are others', [sampleAt(0), sampleAt(1)], busy, [1, 1, 100]],
    ['whose commands are others', [sampleAt(0), sampleAt(1)], ended, [1, 1, 1]],
    ['of one sample is drawn as a line', [sampleAt(0)], overviewAt(4_000), [1, 1]],
  ] as const)('%s', (_what, samples, now, expected) => {
    const shown = withPresent(samples, now);
    expect(shown.map(({ links }) => links)).toEqual(expected);
    const { sampleTime, links, spread, commandsPerSecond } = now;
    expect(shown.at(-1)).toEqual({ sampleTime, links, spread, commandsPerSecond });
  });

  it('stays the same where nothing is known yet, nothing has changed, or what is known is older', () => {
    const samples = [sampleAt(0), sampleAt(10_000)];
    for (const now of [undefined, overviewAt(12_000), { ...busy, links: 7 }]) {
      expect(withPresent(samples, now)).toBe(samples);
    }
  });
});
