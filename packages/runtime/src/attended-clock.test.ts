import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { AttendedClock } from './attended-clock.ts';

function create() {
  const clock = new ManualClock();
  const unread: (() => void)[] = [];
  const stalls: number[] = [];
  const state = { isReading: true };
  const attended = new AttendedClock({
    clock,
    onStall: (stalledMs) => stalls.push(stalledMs),
    afterReading: (run) => (state.isReading ? run() : unread.push(run)),
  });
  const read = () => {
    for (const run of unread.splice(0)) run();
  };
  return { clock, attended, state, stalls, read };
}

describe('the attended clock', () => {
  it('goes as the real one does while the process listens', () => {
    const { clock, attended, stalls } = create();
    clock.advance(60_000);
    expect(attended.now()).toBe(60_000);
    expect(stalls).toEqual([]);
  });

  it.each([1_500, 17_000, 41_000, 8 * 3_600_000])(
    'counts a second of a stall of %i ms, and tells of the rest',
    (byMs) => {
      const { clock, attended, stalls } = create();
      clock.advance(10_000);
      clock.stall(byMs);
      expect(attended.now()).toBe(11_000);
      expect(stalls).toEqual([byMs - 1_000]);
      clock.advance(10_000);
      expect(attended.now()).toBe(21_000);
    },
  );

  it('does not move before what has come in during the stall was read', () => {
    const { clock, attended, state, read } = create();
    clock.advance(10_000);
    state.isReading = false;
    clock.stall(41_000);
    expect(attended.now()).toBe(10_000);
    read();
    expect(attended.now()).toBe(11_000);
  });

  it('moves every deadline by the stall', () => {
    const { clock, attended } = create();
    const due: number[] = [];
    const begunMs = clock.now();
    for (const delayMs of [5_000, 30_000]) attended.after(delayMs, () => due.push(delayMs));
    clock.advance(4_000);
    clock.stall(41_000);
    expect(due).toEqual([5_000]);
    clock.advance(24_500);
    expect(due).toEqual([5_000]);
    clock.advance(750);
    expect(due).toEqual([5_000, 30_000]);
    expect(clock.now() - begunMs).toBeGreaterThanOrEqual(70_000);
  });

  it('keeps no deadline that was called off, whether it was moved or not', () => {
    const { clock, attended } = create();
    const due: string[] = [];
    const [first, moved] = ['first', 'moved'].map((name) => attended.after(10_000, () => due.push(name)));
    clock.advance(5_000);
    first?.[Symbol.dispose]();
    clock.stall(20_000);
    moved?.[Symbol.dispose]();
    clock.advance(60_000);
    expect(due).toEqual([]);
  });

  it.each([120_000, -3_600_000, 31_536_000_000])('does not notice that the wall clock is set by %i ms', (byMs) => {
    const { clock, attended, stalls } = create();
    clock.advance(1_000);
    clock.stepWall(byMs);
    clock.advance(1_000);
    expect([attended.now(), stalls]).toEqual([2_000, []]);
  });

  it('leaves nothing behind', () => {
    const { clock, attended } = create();
    attended[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });
});
