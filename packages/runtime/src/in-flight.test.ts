import { describe, expect, it } from 'vitest';
import { createLimiter, InFlight } from './in-flight.ts';

const never = new AbortController().signal;

describe('InFlight', () => {
  it('is drained at once where nothing is in flight', async () => {
    expect(await new InFlight().drained(AbortSignal.abort())).toBe(true);
  });

  it('is drained once the last piece of work has ended', async () => {
    const inFlight = new InFlight();
    inFlight.add(2);
    let isDrained = false;
    const drained = inFlight.drained(never).then((answer) => {
      isDrained = answer;
    });
    inFlight.remove();
    await Promise.resolve();
    expect([inFlight.size, isDrained]).toEqual([1, false]);
    inFlight.remove();
    await drained;
    expect([inFlight.size, isDrained]).toEqual([0, true]);
  });

  it('waits no longer than until the signal fires, and leaves nothing behind on it', async () => {
    const inFlight = new InFlight();
    inFlight.add();
    const stop = new AbortController();
    const drained = inFlight.drained(stop.signal);
    stop.abort();
    expect(await drained).toBe(false);
    expect(await inFlight.drained(stop.signal)).toBe(false);
    inFlight.remove();
    expect(await inFlight.drained(stop.signal)).toBe(true);
  });

  it('tracks promises, those that reject as well', async () => {
    const inFlight = new InFlight();
    const { promise, reject } = Promise.withResolvers<void>();
    const tracked = inFlight.track(promise);
    expect(inFlight.size).toBe(1);
    reject(new Error('no'));
    await expect(tracked).rejects.toThrow('no');
    expect(inFlight.size).toBe(0);
  });
});

it('runs so many tasks at a time, the others in order, also after one has failed', async () => {
  const limited = createLimiter(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const task = (index: number) => async () => {
    begun.push(index);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (index === 1) throw new Error('one fails');
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => limited(task(index))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});
