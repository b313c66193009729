import { expect, it } from 'vitest';
import { connectRates } from './connect-rates.ts';

const seconds = (rate: number, length: number) => Array<number>(length).fill(rate);

it('calls a rate that holds sustained', () => {
  const rates = connectRates({ offered: seconds(900, 20), connected: seconds(450, 20), wanted: 9000 });
  expect(rates).toEqual({ peakPerSecond: 450, medianPerSecond: 450, sustainedShare: 1 });
});

it('sees the collapse of a storm', () => {
  const connected = [...seconds(450, 15), ...seconds(25, 40), ...seconds(450, 30)];
  const { sustainedShare } = connectRates({ offered: seconds(2100, 85), connected, wanted: 21_250 });
  expect(sustainedShare).toBeCloseTo(25 / 450, 3);
});

it('sees a collapse from which it never recovered', () => {
  const connected = [...seconds(450, 15), ...seconds(0, 30)];
  expect(connectRates({ offered: seconds(2100, 45), connected, wanted: 50_000 }).sustainedShare).toBe(0);
});

it('sees a collapse that comes before the highest rate', () => {
  const connected = [...seconds(150, 20), ...seconds(25, 20), ...seconds(450, 40)];
  const { sustainedShare } = connectRates({ offered: seconds(2100, 80), connected, wanted: 21_500 });
  expect(sustainedShare).toBeCloseTo(25 / 450, 3);
});

it('does not hold the beginning or the last stragglers against it', () => {
  const connected = [0, 0, 10, 100, ...seconds(400, 20), 40, 3, 1];
  expect(connectRates({ offered: connected, connected, wanted: 8154 }).sustainedShare).toBeGreaterThanOrEqual(0.8);
});

it.each([
  { why: 'nobody came', connected: [] },
  { why: 'nobody got in', connected: seconds(0, 30) },
  { why: 'all came at once', connected: [500] },
])('has nothing to compare where $why', ({ connected }) => {
  expect(connectRates({ offered: connected, connected, wanted: 500 }).sustainedShare).toBeNull();
});
