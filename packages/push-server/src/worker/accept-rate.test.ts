import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AcceptRate, acceptRateLimits } from './accept-rate.ts';

const { targetUtilization, leastPerSecond, mostPerSecond } = acceptRateLimits;
const everyMs = 250;

/** A worker that spends `costMs` on each device and a share of its time on other things, in a storm that follows its slots. */
class SimulatedWorker {
  readonly clock = new ManualClock();
  readonly rate: AcceptRate;
  costMs = 2;
  others = 0;
  /** Devices that want in, in a second; absent: as many as are given slots. */
  offered: number | undefined;
  lagMs = 0;
  #fraction = 0;

  constructor(initial = 200) {
    this.rate = new AcceptRate(initial, this.clock.now());
  }

  run(seconds: number): number[] {
    return Array.from({ length: (seconds * 1_000) / everyMs }, () => {
      this.clock.advance(everyMs);
      const possible = ((1 - this.others) * 1_000) / this.costMs;
      const taken = Math.min(this.offered ?? 1.1 * this.rate.perSecond, possible);
      this.#fraction += (taken * everyMs) / 1_000;
      const accepted = Math.floor(this.#fraction);
      this.#fraction -= accepted;
      const utilization = Math.min(1, this.others + (taken * this.costMs) / 1_000);
      this.rate.sample({ accepted, waiting: 0, utilization, lagMs: this.lagMs }, this.clock.now());
      return this.rate.perSecond;
    });
  }
}

describe('the rate at which a worker takes devices', () => {
  it.each([
    [2, 0],
    [2, 0.5],
    [0.5, 0.2],
    [5, 0.3],
    [20, 0],
  ])('settles where devices of %d ms each bring the loop to its target, beside %d of other work', (costMs, others) => {
    const worker = new SimulatedWorker();
    Object.assign(worker, { costMs, others });
    worker.run(60);
    const expected = ((targetUtilization - others) * 1_000) / costMs;
    // Slots are given a tenth faster than the rate says.
    for (const rate of worker.run(10)) {
      expect(rate).toBeGreaterThan(0.8 * expected);
      expect(rate).toBeLessThan(0.95 * expected);
    }
  });

  it('is at what was announced before until somebody comes, however busy the loop was meanwhile', () => {
    const worker = new SimulatedWorker(300);
    worker.offered = 0;
    for (const rate of worker.run(60)) expect(rate).toBe(300);
    worker.others = 1;
    expect(worker.run(60).at(-1)).toBe(leastPerSecond);
    worker.others = 0;
    expect(worker.run(60).at(-1)).toBe(300);
  });

  it('falls by a tenth in a second and no faster, whatever happens: slots that were given stay', () => {
    const worker = new SimulatedWorker(1_000);
    worker.lagMs = 5_000;
    expect(worker.run(1).at(-1)).toBeCloseTo(900);
    worker.lagMs = 0;
    Object.assign(worker, { others: 1 });
    expect(worker.run(1).at(-1)).toBeCloseTo(810);
  });

  it('is not lowered by those who come although they have no slot, as long as the loop takes its target', () => {
    const worker = new SimulatedWorker(300);
    Object.assign(worker, { costMs: 2, offered: 2_000 });
    const rates = worker.run(60);
    expect(Math.min(...rates)).toBeGreaterThan(0.8 * 300);
    expect(rates.at(-1)).toBeGreaterThan(400);
  });

  it('stays within its bounds', () => {
    const idle = new SimulatedWorker();
    idle.costMs = 0.001;
    expect(idle.run(120).at(-1)).toBe(mostPerSecond);
    const slow = new SimulatedWorker();
    slow.lagMs = 10_000;
    expect(slow.run(120).at(-1)).toBe(leastPerSecond);
  });

  it('takes a stall for one sample, not for all the time that has passed', () => {
    const worker = new SimulatedWorker(1_000);
    worker.clock.advance(41_000);
    worker.rate.sample({ accepted: 0, waiting: 9, utilization: 0, lagMs: 41_000 }, worker.clock.now());
    expect(worker.rate.perSecond).toBeCloseTo(900);
    expect(worker.rate.isOverloaded).toBe(false);
  });
});

describe('a worker', () => {
  it('is overloaded when it has been late for 2 s, until it has been in time for as long', () => {
    const worker = new SimulatedWorker();
    worker.lagMs = 501;
    worker.run(2);
    expect(worker.rate.isOverloaded).toBe(false);
    worker.run(0.25);
    expect(worker.rate.isOverloaded).toBe(true);
    worker.lagMs = 0;
    worker.run(1.75);
    expect(worker.rate.isOverloaded).toBe(true);
    worker.run(0.25);
    expect(worker.rate.isOverloaded).toBe(false);
  });

  it('is not overloaded where nobody comes, however late its loop is', () => {
    const worker = new SimulatedWorker();
    Object.assign(worker, { offered: 0, lagMs: 5_000 });
    worker.run(30);
    expect(worker.rate.isOverloaded).toBe(false);
  });

  it('is not overloaded because its loop is busy, or late now and then', () => {
    const worker = new SimulatedWorker();
    worker.others = 1;
    for (let round = 0; round < 20; round += 1) {
      worker.lagMs = 400;
      worker.run(1);
      worker.lagMs = 900;
      worker.run(1.5);
      expect(worker.rate.isOverloaded).toBe(false);
    }
  });
});
