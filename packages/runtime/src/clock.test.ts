import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pollUntil, systemClock, timeoutSignal } from './clock.ts';

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

describe('sleep', () => {
  /** Sleeps for a second; `events` says when it is over. */
  function fallAsleep(signal?: AbortSignal) {
    vi.useFakeTimers();
    const events: string[] = [];
    const asleep = systemClock.sleep(1_000, signal).then(() => events.push('awake'));
    return { events, asleep };
  }

  it('lasts its time', async () => {
    const { events } = fallAsleep();
    await vi.advanceTimersByTimeAsync(999);
    expect(events).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(events).toEqual(['awake']);
  });

  it('ends as soon as the signal fires, and leaves neither timer nor listener', async () => {
    const stop = new AbortController();
    const { asleep } = fallAsleep(stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    stop.abort();
    await asleep;
    expect([vi.getTimerCount(), getEventListeners(stop.signal, 'abort')]).toEqual([0, []]);
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const stop = new AbortController();
    const { asleep } = fallAsleep(stop.signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await asleep;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('does not begin where the signal has fired', async () => {
    const { asleep } = fallAsleep(AbortSignal.abort());
    await asleep;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('pollUntil', () => {
  const poll = { everyMs: 100, withinMs: 1_000 };

  it('reads until the value is as wanted', async () => {
    vi.useFakeTimers();
    let reads = 0;
    const read = async () => {
      reads += 1;
      return reads;
    };
    const polled = pollUntil(systemClock, { ...poll, read, isDone: (value) => value === 4 });
    await vi.advanceTimersByTimeAsync(300);
    expect(await polled).toBe(4);
  });

  it('answers the last value when the time is over, and what reading throws at once', async () => {
    vi.useFakeTimers();
    let reads = 0;
    const read = async () => {
      reads += 1;
      return 'not yet';
    };
    const polled = pollUntil(systemClock, { ...poll, read, isDone: () => false });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await polled, reads]).toEqual(['not yet', 11]);
    const fails = pollUntil(systemClock, { ...poll, read: () => Promise.reject(new Error('no')), isDone: () => true });
    await expect(fails).rejects.toThrow('no');
  });
});
