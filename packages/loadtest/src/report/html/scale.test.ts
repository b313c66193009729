import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatClock, linearScale, logScale, timeScale } from './scale.ts';

const pixels = { from: 300, to: 20 };

it('puts ticks at round values', () => {
  expect(linearScale({ min: 0, max: 1080, ...pixels }).ticks).toEqual([0, 500, 1000]);
  expect(linearScale({ min: 0, max: 0.3, ...pixels }).ticks).toEqual([0, 0.1, 0.2, 0.3]);
  expect(logScale({ min: 0.9, max: 220, ...pixels }).ticks).toEqual([1, 2, 5, 10, 20, 50, 100, 200]);
  expect(logScale({ min: 0.9, max: 100_000, ...pixels }).ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
  expect(timeScale({ min: 0, max: 90_000, from: 0, to: 600 }).ticks).toEqual(
    [0, 15, 30, 45, 60, 75, 90].map((s) => s * 1000),
  );
});

it('never leaves the picture, and always has a few ticks', () => {
  const value = fc.double({ min: 0.001, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.constantFrom(linearScale, logScale), (a, b, scale) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const { ticks, toPixel } = scale({ min, max, ...pixels });
      expect(ticks.length).toBeLessThan(20);
      for (const at of [min, max, ...ticks]) {
        expect(toPixel(at)).toBeGreaterThanOrEqual(20 - 1.5);
        expect(toPixel(at)).toBeLessThanOrEqual(300 + 1.5);
      }
    }),
  );
});

it.each([
  [42_000, '0:42'],
  [725_000, '12:05'],
  [3_600_000, '1:00:00'],
])('writes %i ms as %s', (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});
