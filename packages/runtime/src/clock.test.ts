import { afterEach, expect, it, vi } from 'vitest';
import { systemClock, timeoutSignal } from './clock.ts';

afterEach(() => void vi.useRealTimers());

it.each([120_000, -3_600_000, 31_536_000_000])('measures durations past a wall clock that is set by %i ms', (byMs) => {
  vi.useFakeTimers();
  const [beganMs, beganWallMs] = [systemClock.now(), systemClock.wallMs()];
  vi.setSystemTime(beganWallMs + byMs);
  expect(systemClock.now()).toBe(beganMs);
  expect(systemClock.wallMs()).toBe(beganWallMs + byMs);
});

it('counts whole milliseconds, which wires and the registry carry', () => {
  expect(Number.isInteger(systemClock.now())).toBe(true);
});

it('gives up after a time as AbortSignal.timeout does', () => {
  vi.useFakeTimers();
  const signal = timeoutSignal(systemClock, 1_000);
  vi.advanceTimersByTime(999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});
