import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { LoopMonitor, type LoopTimes } from './loop-monitor.ts';

function create() {
  const clock = new ManualClock();
  const times: LoopTimes = { active: 0, idle: 0 };
  const monitor = new LoopMonitor({ clock, readTimes: () => ({ ...times }) });
  const pass = (ms: number, share: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      times.active += 50 * share;
      times.idle += 50 * (1 - share);
      clock.advance(50);
    }
  };
  return { clock, times, monitor, pass };
}

describe('the loop monitor', () => {
  it('tells the share of time in which the loop was at work', () => {
    const { monitor, pass } = create();
    expect(monitor.utilization).toBe(0);
    pass(1_000, 0.4);
    expect(monitor.utilization).toBeCloseTo(0.4);
  });

  it.each([
    [0, 1],
    [1, 0],
    [0.2, 0.9],
  ])('has forgotten within 250 ms that it was %d, and says %d', (before, after) => {
    const { monitor, pass } = create();
    pass(2_000, before);
    pass(250, after);
    expect(monitor.utilization).toBeCloseTo(after);
  });

  it('tells how late timers are, and forgets it', () => {
    const { clock, times, monitor, pass } = create();
    pass(500, 0.1);
    expect(monitor.lagMs).toBe(0);
    times.active += 800;
    clock.stall(800);
    clock.advance(50);
    expect(monitor.lagMs).toBeGreaterThan(700);
    expect(monitor.utilization).toBeGreaterThan(0.7);
    pass(300, 0.1);
    expect(monitor.lagMs).toBe(0);
  });

  it('measures the loop that it runs in', async () => {
    const clock = new ManualClock();
    using monitor = new LoopMonitor({ clock });
    for (const start = performance.now(); performance.now() - start < 20; );
    clock.advance(50);
    expect(monitor.utilization).toBeGreaterThan(0);
    expect(monitor.utilization).toBeLessThanOrEqual(1);
  });

  it('leaves nothing behind', () => {
    const { clock, monitor } = create();
    monitor[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });
});
