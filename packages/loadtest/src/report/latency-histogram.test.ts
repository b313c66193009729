import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

it('tells every percentile to within 0.1 %, or a microsecond', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const { p50Ms, p99Ms, maxMs, count } = histogramOf(values).summary();
        expect(count).toBe(values.length);
        for (const [share, found] of [
          [0.5, p50Ms],
          [0.99, p99Ms],
          [1, maxMs],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.0011 + 0.001);
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('draws a curve that never falls and ends with the largest value', () => {
  const { percentiles, maxMs } = histogramOf(
    Array.from({ length: 5000 }, (_, index) => 1 + (index % 97) ** 2),
  ).summary();
  for (const [index, point] of percentiles.slice(1).entries()) {
    expect(point.ms).toBeGreaterThanOrEqual(percentiles[index]?.ms ?? 0);
    expect(point.percentile).toBeGreaterThan(percentiles[index]?.percentile ?? 0);
    expect(point.count).toBeGreaterThanOrEqual(percentiles[index]?.count ?? 0);
  }
  expect(percentiles.at(-1)).toEqual({ percentile: 100, ms: maxMs, count: 5000 });
});

it('is empty before the first value', () => {
  expect(new LatencyHistogram().summary()).toMatchObject({ count: 0, p99Ms: 0, maxMs: 0, meanMs: 0, percentiles: [] });
});

it.each([-5, 0, 1e12, Number.NaN])('takes %s without harm', (ms) => {
  const histogram = histogramOf([ms]);
  expect(histogram.count).toBe(1);
  expect(histogram.maxMs()).toBeLessThanOrEqual(3_604_480);
});
