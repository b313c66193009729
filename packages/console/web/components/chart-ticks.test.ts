import { describe, expect, it } from 'vitest';
import { formatTimeTicks } from './chart-ticks.ts';

const startS = Date.UTC(2026, 0, 1, 12) / 1_000;
const ticks = (stepSeconds: number) => Array.from({ length: 6 }, (_, index) => startS + index * stepSeconds);

describe('the times below a chart', () => {
  it.each([1, 5, 15, 30, 60, 300, 3_600, 86_400])('are all different where ticks are %i s apart', (stepSeconds) => {
    const texts = formatTimeTicks(ticks(stepSeconds), stepSeconds);
    expect(texts).not.toContain('');
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('tell seconds only where there is more than one tick in a minute', () => {
    const lengthOf = (stepSeconds: number) => formatTimeTicks(ticks(stepSeconds), stepSeconds)[0]?.length ?? 0;
    expect(lengthOf(60)).toBeLessThan(lengthOf(30));
  });

  it('are named once where they are closer than a second', () => {
    expect(formatTimeTicks([startS, startS + 0.2, startS + 1], 0.2).map((text) => text !== '')).toEqual([
      true,
      false,
      true,
    ]);
  });
});
