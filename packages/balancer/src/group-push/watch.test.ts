import { EventEmitter } from 'node:events';
import type { admin, GroupPushId } from '@pushfleet/protocol';
import type { GroupPushView } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainRequest } from './stage.fixture.ts';
import { WatchFeed } from './watch-feed.ts';
import { type GroupPushWatchCall, GroupPushWatcher } from './watcher.ts';

/** A call whose client reads, or does not. */
class PlayedCall extends EventEmitter {
  readonly written: admin.GroupPushInit[] = [];
  reads = true;
  isEnded = false;

  write({ groupPush }: admin.WatchGroupPushResponseInit): boolean {
    if (groupPush) this.written.push(groupPush);
    return this.reads;
  }

  end(): void {
    this.isEnded = true;
  }

  get devices(): unknown[] {
    return this.written.map(({ devices }) => devices);
  }
}

const view: GroupPushView = {
  id: 'push' as GroupPushId,
  request: plainRequest,
  state: 'running',
  reason: '',
  devices: 0,
  allFound: false,
  startedAtMs: 1,
  counts: {},
  desiredState: 'running',
};

function watch(): { call: PlayedCall; watcher: GroupPushWatcher } {
  const call = new PlayedCall();
  return { call, watcher: new GroupPushWatcher(call as unknown as GroupPushWatchCall) };
}

describe('a watcher', () => {
  it('misses what lies between while its client does not read, never the last', () => {
    const { call, watcher } = watch();
    call.reads = false;
    for (let devices = 1; devices <= 5; devices += 1) watcher.take({ ...view, devices });
    expect(call.devices).toEqual([1]);
    watcher.take({ ...view, devices: 6, endedAtMs: 9 });
    call.reads = true;
    call.emit('drain');
    expect([call.devices, call.isEnded, watcher.ended]).toEqual([[1, 6], true, true]);
  });

  it('writes nothing to a client that has gone', async () => {
    const { call, watcher } = watch();
    call.emit('cancelled');
    watcher.take(view);
    await watcher.left;
    expect([call.written, call.isEnded]).toEqual([[], false]);
  });
});

describe('the feed of watchers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reads once for all, five times a second, tells of changes alone, and only while somebody watches', async () => {
    let now = view;
    let reads = 0;
    const groupPushes = {
      get: async () => {
        reads += 1;
        return structuredClone(now);
      },
    };
    using feed = new WatchFeed({ groupPushes, clock: systemClock, logger: silentLogger });
    const watches = [watch(), watch()];
    for (const { watcher } of watches) feed.add(watcher, now);
    await vi.advanceTimersByTimeAsync(1_000);
    now = { ...view, devices: 7 };
    await vi.advanceTimersByTimeAsync(1_000);
    expect([reads, ...watches.map(({ call }) => call.devices)]).toEqual([10, [0, 7], [0, 7]]);
    for (const { call } of watches) call.emit('cancelled');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toBe(10);
  });

  it('ends a watch of what is no longer kept', async () => {
    const groupPushes = { get: async () => undefined };
    using feed = new WatchFeed({ groupPushes, clock: systemClock, logger: silentLogger });
    const { call, watcher } = watch();
    const error = new Promise<unknown>((resolve) => call.on('error', resolve));
    feed.add(watcher, view);
    await vi.advanceTimersByTimeAsync(200);
    expect(await error).toMatchObject({ details: expect.stringContaining('no longer kept') });
  });
});
