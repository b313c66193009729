import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openUnlessStopped, runService, type Service } from './lifecycle.ts';

function createService(log: string[], more: Partial<Service> = {}): Service {
  return {
    start: async () => void log.push('start'),
    drain: async () => void log.push('drain'),
    [Symbol.asyncDispose]: async () => void log.push('dispose'),
    ...more,
  };
}

/** Counts the intervals that hold the process, of those that are begun from now on: other timers of it come and go as they will. */
function watchIntervals(): () => number {
  const [begun, cleared] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')];
  onTestFinished(() => {
    begun.mockRestore();
    cleared.mockRestore();
  });
  const isCleared = (timer: NodeJS.Timeout) => cleared.mock.calls.some(([each]) => each === timer);
  return () => begun.mock.results.filter(({ value }) => value.hasRef() && !isCleared(value)).length;
}

describe('runService', () => {
  it('starts, serves until it is told to stop, drains, releases', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const running = runService(async () => createService(log), stop.signal, 1_000);
    await Promise.resolve();
    stop.abort();
    await running;
    expect(log).toEqual(['start', 'drain', 'dispose']);
  });

  it('releases what a failed start has taken, without draining it', async () => {
    const log: string[] = [];
    const start = async () => {
      throw new Error('port taken');
    };
    const running = runService(async () => createService(log, { start }), new AbortController().signal, 1_000);
    await expect(running).rejects.toThrow('port taken');
    expect(log).toEqual(['dispose']);
  });

  it('stays alive while it drains, though nothing but the time limit may end that', async () => {
    const stop = new AbortController();
    const start = async () => stop.abort();
    const holds = watchIntervals();
    let during = 0;
    const drain = async (signal: AbortSignal) => {
      during = holds();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await runService(async () => createService([], { start, drain }), stop.signal, 10);
    expect([during, holds()]).toEqual([1, 0]);
  });

  it('stays alive while it serves, though nothing of the service may hold the process', async () => {
    const holds = watchIntervals();
    const stop = new AbortController();
    const during: number[] = [];
    const running = runService(async () => createService([]), stop.signal, 10);
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      during.push(holds());
    }
    stop.abort();
    await running;
    expect([...during, holds()]).toEqual([1, 1, 1, 0]);
  });

  it('ends with the reason when the service cannot go on', async () => {
    const log: string[] = [];
    const failed = Promise.reject(new Error('fenced'));
    failed.catch(() => {});
    const running = runService(async () => createService(log, { failed }), new AbortController().signal, 1_000);
    await expect(running).rejects.toThrow('fenced');
    expect(log).toEqual(['start', 'dispose']);
  });

  it('starts nothing that is to stop already', async () => {
    const log: string[] = [];
    await runService(async () => createService(log), AbortSignal.abort(), 1_000);
    expect(log).toEqual([]);
  });

  it('ends well when a start fails that is to stop', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const start = async () => {
      stop.abort();
      throw new Error('the registry does not answer');
    };
    await runService(async () => createService(log, { start }), stop.signal, 1_000);
    expect(log).toEqual(['dispose']);
  });
});

describe('openUnlessStopped', () => {
  const opened = () => ({ [Symbol.asyncDispose]: vi.fn(async () => {}) });

  it('gives what was opened, which is not released', async () => {
    const registry = opened();
    expect(await openUnlessStopped(Promise.resolve(registry), new AbortController().signal)).toBe(registry);
    expect(registry[Symbol.asyncDispose]).not.toHaveBeenCalled();
  });

  it('does not wait once it is to stop, and releases what comes later', async () => {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof opened>>();
    const opening = openUnlessStopped(promise, stop.signal);
    stop.abort();
    expect(await opening).toBeUndefined();
    const late = opened();
    resolve(late);
    await vi.waitFor(() => expect(late[Symbol.asyncDispose]).toHaveBeenCalledOnce());
  });

  it('fails as the opening fails', async () => {
    const opening = openUnlessStopped(Promise.reject(new Error('no route')), new AbortController().signal);
    await expect(opening).rejects.toThrow('no route');
  });
});
