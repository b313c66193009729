import { expect, it } from 'vitest';
import { seriesOf, widenSeries } from './report-series.ts';
import type { SecondRow } from './run-recording.ts';

const rows = (length: number): SecondRow[] =>
  Array.from({ length }, (_, second) => ({
    counts: { offered: 4, connected: 3, lost: second === 50 ? 20 : 0 },
    latencies: second % 2 === 0 ? { push: { p50Ms: 5, p99Ms: second, maxMs: second + 1 } } : {},
  }));

it('derives the links that live from those that came and went', () => {
  const { live } = seriesOf(
    [
      { counts: { connected: 5 }, latencies: {} },
      { counts: { lost: 2, closed: 1 }, latencies: {} },
    ],
    10,
  );
  expect(live).toEqual([5, 2]);
});

it('gives each second a row while there is room', () => {
  const series = seriesOf(rows(100), 100);
  expect(series.intervalMs).toBe(1000);
  expect(series.atMs.at(-1)).toBe(99_000);
  expect(series.latencies.push?.p99Ms.slice(0, 3)).toEqual([0, null, 2]);
});

it('widens rows of long runs without losing a count or a peak', () => {
  const exact = seriesOf(rows(7205), 10_000);
  const wide = seriesOf(rows(7205), 600);
  const total = (column: readonly number[]) => column.reduce((sum, value) => sum + value, 0);
  expect(wide.intervalMs).toBe(30_000);
  expect(wide.atMs.length).toBeLessThanOrEqual(600);
  expect(total(wide.connected)).toBe(total(exact.connected));
  expect(total(wide.lost)).toBe(20);
  expect(wide.live.at(-1)).toBe(exact.live.at(-1));
  expect(wide.latencies.push?.maxMs.at(-1)).toBe(7205);
  for (const column of Object.values(wide.latencies.push ?? {})) expect(column).toHaveLength(wide.atMs.length);
});

it('can be widened again', () => {
  const once = seriesOf(rows(7205), 3600);
  expect(widenSeries(once, 600)).toEqual(seriesOf(rows(7205), 600));
});
