import { describe, expect, it } from 'vitest';
import { runService, type Service } from './lifecycle.ts';

function createService(log: string[], more: Partial<Service> = {}): Service {
  return {
    start: async () => void log.push('start'),
    drain: async () => void log.push('drain'),
    [Symbol.asyncDispose]: async () => void log.push('dispose'),
    ...more,
  };
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
    const stop = AbortSignal.abort();
    const holds = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = holds();
    let during = 0;
    const drain = async (signal: AbortSignal) => {
      during = holds();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await runService(async () => createService([], { drain }), stop, 10);
    expect([during, holds()]).toEqual([before + 1, before]);
  });

  it('ends with the reason when the service cannot go on', async () => {
    const log: string[] = [];
    const failed = Promise.reject(new Error('fenced'));
    failed.catch(() => {});
    const running = runService(async () => createService(log, { failed }), new AbortController().signal, 1_000);
    await expect(running).rejects.toThrow('fenced');
    expect(log).toEqual(['start', 'dispose']);
  });
});
