import { describe, expect, it } from 'vitest';
import type { Overview } from '../../api/messages.ts';
import { extendHistory } from './history.ts';

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
