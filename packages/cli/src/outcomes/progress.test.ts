import { expect, it } from 'vitest';
import { RateMeter, renderProgress } from './progress.ts';

const counts = { SUCCEEDED: 8_000, RUNNING: 123, FAILED: 7 } as const;
const view = { devices: 10_000, counts, wait: 'finished', ratePerSecond: 2_310.4, elapsedMs: 4_200 } as const;

it('says how many are through, where the others stand, how fast and since when', () => {
  expect(renderProgress(view)).toBe('8007 of 10000 · 8000 SUCCEEDED · 123 RUNNING · 7 FAILED · 2310/s · 4s');
});

it('says that more devices may be found, and that it is paused', () => {
  expect(renderProgress({ ...view, allFound: false, state: 'paused', counts: {}, ratePerSecond: 0 })).toBe(
    '0 of 10000+ · paused · 0/s · 4s',
  );
});

it('counts devices that are away as through where they are not waited for', () => {
  const waiting = { ...view, counts: { QUEUED: 10, SUCCEEDED: 5 } };
  expect(renderProgress({ ...waiting, wait: 'connected' })).toMatch(/^15 of/);
  expect(renderProgress({ ...waiting, wait: 'finished' })).toMatch(/^5 of/);
});

it('measures the speed of the last three seconds', () => {
  const meter = new RateMeter();
  expect(meter.look(0, 1_000)).toBe(0);
  expect(meter.look(500, 1_500)).toBe(1_000);
  for (let second = 2; second <= 10; second += 1) meter.look(500, second * 1_000);
  expect(meter.look(510, 11_000)).toBeLessThan(4);
});
