import { describe, expect, it } from 'vitest';
import { DeviceKeepAlive, firstInterval, type KeepAliveInterval, lengthen, shorten } from './keep-alive-interval.ts';

const maxMs = 1_200_000;

function afterHolds(interval: KeepAliveInterval, count: number): KeepAliveInterval {
  return Array.from({ length: count }).reduce<KeepAliveInterval>((each) => lengthen(each, maxMs), interval);
}

describe('the interval of keep-alives', () => {
  it('begins with a minute, and doubles each time that a link has held twice, up to the longest', () => {
    const lengths = [0, 1, 2, 3, 4, 6, 8, 10, 100].map((holds) => afterHolds(firstInterval(maxMs), holds).ms / 1_000);
    expect(lengths).toEqual([60, 60, 120, 120, 240, 480, 960, 1_200, 1_200]);
  });

  it('is halved by a half-open link, down to a quarter of a minute', () => {
    let interval = afterHolds(firstInterval(maxMs), 4);
    const lengths = Array.from({ length: 6 }, () => {
      interval = shorten(interval);
      return interval.ms / 1_000;
    });
    expect(lengths).toEqual([120, 60, 30, 15, 15, 15]);
  });

  it('forgets what held before, and takes twice as many holds to be doubled again', () => {
    const once = shorten(lengthen(firstInterval(maxMs), maxMs));
    expect([afterHolds(once, 3).ms, afterHolds(once, 4).ms]).toEqual([30_000, 60_000]);
    const often = Array.from({ length: 20 }).reduce<KeepAliveInterval>(shorten, firstInterval(maxMs));
    expect([afterHolds(often, 63).ms, afterHolds(often, 64).ms]).toEqual([15_000, 30_000]);
  });

  it('is never longer than the longest', () => {
    expect(firstInterval(20_000).ms).toBe(20_000);
    expect(shorten(firstInterval(10_000)).ms).toBe(10_000);
  });
});

describe('the keep-alive of a device', () => {
  it('asks for the longest, uses what it has learned, and no more than is granted', () => {
    const keepAlive = new DeviceKeepAlive(undefined, maxMs);
    expect([keepAlive.wishedMs, keepAlive.intervalMs(maxMs), keepAlive.intervalMs(30_000)]).toEqual([
      maxMs,
      60_000,
      30_000,
    ]);
    keepAlive.onHeld();
    keepAlive.onHeld();
    expect(keepAlive.intervalMs(maxMs)).toBe(120_000);
    keepAlive.onHalfOpen();
    expect(keepAlive.intervalMs(maxMs)).toBe(60_000);
  });

  it('stays as it is where it is fixed', () => {
    const keepAlive = new DeviceKeepAlive(45_000, maxMs);
    for (let count = 0; count < 10; count += 1) keepAlive.onHeld();
    keepAlive.onHalfOpen();
    expect([keepAlive.wishedMs, keepAlive.intervalMs(45_000), keepAlive.intervalMs(5_000)]).toEqual([
      45_000, 45_000, 5_000,
    ]);
  });
});
