import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catchUpMs, Pacer, spacingMs } from './pacer.ts';

const paces = fc.record({
  ratePerSecond: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000 })),
  jitterWindowMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 })),
  devices: fc.integer({ min: 1, max: 1_000 }),
});
const waits = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 60 });

/** The times at which commands go out, of a sender that looks after each of these waits. */
function send(spacing: number, devices: number, gapsMs: readonly number[]): number[] {
  const pacer = new Pacer(spacing, 0);
  const sentAt: number[] = [];
  let nowMs = 0;
  for (const gapMs of gapsMs) {
    nowMs += gapMs;
    const count = pacer.take(nowMs, devices - sentAt.length);
    for (let at = 0; at < count; at += 1) sentAt.push(nowMs);
  }
  return sentAt;
}

describe('spacingMs', () => {
  it.each([
    ['neither', 0, 0, 100, 0],
    ['a rate', 50, 0, 100, 20],
    ['a window', 0, 10_000, 100, 100],
    ['the rate where it is slower', 5, 10_000, 100, 200],
    ['the window where it is slower', 100, 10_000, 100, 100],
    ['a window of nobody', 0, 10_000, 0, 0],
  ])('follows %s', (_, ratePerSecond, jitterWindowMs, devices, expected) => {
    expect(spacingMs({ ratePerSecond, jitterWindowMs }, devices)).toBe(expected);
  });
});

describe('Pacer', () => {
  it('lets everything out at once where there is no limit', () => {
    expect(new Pacer(0, 0).take(0, 10_000)).toBe(10_000);
  });

  it('is never faster than its spacing, whenever it is asked', () => {
    fc.assert(
      fc.property(paces, waits, ({ devices, ...pace }, gapsMs) => {
        const spacing = spacingMs(pace, devices);
        fc.pre(spacing > 0);
        const sentAt = send(spacing, devices, gapsMs);
        const tooFast = sentAt.some((fromMs, from) => {
          const to = sentAt.findLastIndex((atMs) => atMs <= fromMs + 1_000);
          const spanMs = (sentAt[to] as number) - fromMs;
          return to - from + 1 > (spanMs + catchUpMs) / spacing + 1.001;
        });
        expect(tooFast).toBe(false);
      }),
    );
  });

  it('has let all out, evenly, by the end of the window where it is asked in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 30_000 }), (devices, windowMs) => {
        const spacing = spacingMs({ ratePerSecond: 0, jitterWindowMs: windowMs }, devices);
        const sentAt = send(spacing, devices, [0, ...Array.from({ length: Math.ceil(windowMs / 50) }, () => 50)]);
        expect(sentAt).toHaveLength(devices);
        expect(Math.max(...sentAt.map((atMs, index) => Math.abs(atMs - index * spacing)))).toBeLessThanOrEqual(50.001);
      }),
    );
  });

  it('says how long to wait for the next one', () => {
    const pacer = new Pacer(100, 0);
    expect([pacer.waitMs(0), pacer.take(0, 9), pacer.waitMs(30), pacer.waitMs(100)]).toEqual([0, 1, 70, 0]);
  });

  it('lets one out, and not what was missed, after a rest', () => {
    const pacer = new Pacer(10, 0);
    pacer.rest(60_000);
    expect(pacer.take(60_000, 100)).toBe(1);
  });
});
