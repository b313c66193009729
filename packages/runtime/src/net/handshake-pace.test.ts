import { describe, expect, it } from 'vitest';
import { HandshakePace, nextRate, paceLimits } from './handshake-pace.ts';

const { targetUtilization, leastPerSecond, mostPerSecond, firstPerSecond, leastInFlight } = paceLimits;

/** A process that spends so much on each handshake, and so much of its time on other things. */
function settle(costMs: number, others: number, rounds = 200): number[] {
  let perSecond: number = firstPerSecond;
  return Array.from({ length: rounds }, () => {
    const utilization = Math.min(1, others + (perSecond * costMs) / 1_000);
    perSecond = nextRate(perSecond, { utilization, lagMs: 0 }, true);
    return perSecond;
  });
}

describe('the rate of handshakes', () => {
  it.each([
    [1, 0],
    [2, 0],
    [2, 0.5],
    [0.3, 0.2],
    [5, 0.3],
  ])('of %d ms each settles where the loop is at its target, beside %d of other work', (costMs, others) => {
    const rates = settle(costMs, others);
    const expected = ((targetUtilization - others) * 1_000) / costMs;
    for (const rate of rates.slice(-20)) expect(Math.abs(rate / expected - 1)).toBeLessThan(0.12);
  });

  it('is near its target within two seconds', () => {
    const [rate = 0] = settle(4, 0, 8).slice(-1);
    expect(rate).toBeLessThan(1.3 * 225);
  });

  it('never falls to nothing, however busy the loop is', () => {
    expect(settle(1, 1).at(-1)).toBe(leastPerSecond);
    let rate: number = firstPerSecond;
    for (let round = 0; round < 100; round += 1) rate = nextRate(rate, { utilization: 0, lagMs: 5_000 }, true);
    expect(rate).toBe(leastPerSecond);
  });

  it('rises to the most in a loop that has nothing else to do, and no further', () => {
    expect(settle(0, 0).at(-1)).toBe(mostPerSecond);
  });

  it.each([leastPerSecond, mostPerSecond])('is forgotten while nobody waits, from %i', (from) => {
    let rate: number = from;
    for (let round = 0; round < 100; round += 1) rate = nextRate(rate, { utilization: 0, lagMs: 0 }, false);
    expect(rate).toBe(firstPerSecond);
  });
});

it('falls for one lag once, however long it is seen', () => {
  const pace = new HandshakePace(0);
  const late = { utilization: 0.5, lagMs: 400 };
  const rates = [1, 2, 3, 4, 5].map(() => {
    pace.adjust(late, true);
    return pace.perSecond;
  });
  expect(rates).toEqual([0.5, 0.5, 0.5, 0.5, 0.25].map((part) => part * firstPerSecond));
});

describe('permits', () => {
  it('are there at once for a few, and then at the rate', () => {
    const pace = new HandshakePace(0);
    const take = (nowMs: number) => {
      let taken = 0;
      while (pace.take(nowMs, 0)) taken += 1;
      return taken;
    };
    expect(take(0)).toBe(firstPerSecond / 20);
    expect(take(10)).toBe(firstPerSecond / 100);
    expect(take(60_000)).toBe(firstPerSecond / 20);
  });

  it('are no more than what is set from outside, and as before once that is over', () => {
    const pace = new HandshakePace(0);
    for (let round = 0; round < 100; round += 1) pace.adjust({ utilization: 0, lagMs: 0 }, true, 100);
    expect(pace.perSecond).toBe(100);
    for (let round = 0; round < 100; round += 1) pace.adjust({ utilization: 0, lagMs: 0 }, true);
    expect(pace.perSecond).toBe(paceLimits.mostPerSecond);
  });

  it('are refused while a second of handshakes is under way', () => {
    const pace = new HandshakePace(0);
    expect(pace.take(0, pace.mostInFlight)).toBe(false);
    expect(pace.take(0, pace.mostInFlight - 1)).toBe(true);
    for (let round = 0; round < 100; round += 1) pace.adjust({ utilization: 1, lagMs: 500 }, true);
    expect(pace.mostInFlight).toBe(Math.max(leastInFlight, leastPerSecond));
  });
});
