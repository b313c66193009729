import { EventEmitter } from 'node:events';
import type { admin, GroupPushId } from '@pushfleet/protocol';
import type { GroupPushView } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { plainRequest } from './test-bench.fixture.ts';
import { GroupPushWatches, type WatchGroupPushCall } from './watch.ts';

/** A call whose client reads, or does not. */
class TestCall extends EventEmitter {
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

/** A registry that holds one group push, and what watches it. */
function create(first: GroupPushView | undefined = view) {
  const state = { view: first as GroupPushView | undefined, reads: 0 };
  const groupPushes = {
    get: async () => {
      state.reads += 1;
      return structuredClone(state.view);
    },
  };
  const clock = new ManualClock();
  const watches = new GroupPushWatches({ groupPushes, clock, logger: silentLogger });
  const watch = (): TestCall => {
    const call = new TestCall();
    watches.add(call as unknown as WatchGroupPushCall, view);
    return call;
  };
  onTestFinished(() => watches[Symbol.dispose]());
  const elapse = (ms: number) => clock.turn(ms);
  return { state, watches, watch, elapse };
}

describe('the watches of group pushes', () => {
  it('miss what lies between while their client does not read, never the last', async () => {
    const { state, watch, elapse } = create();
    const call = watch();
    call.reads = false;
    for (let devices = 1; devices <= 5; devices += 1) {
      state.view = { ...view, devices };
      await elapse(200);
    }
    expect(call.devices).toEqual([0, 1]);
    state.view = { ...view, devices: 6, endedAtMs: 9 };
    await elapse(200);
    call.reads = true;
    call.emit('drain');
    expect([call.devices, call.isEnded]).toEqual([[0, 1, 6], true]);
  });

  it('write nothing to a client that has gone', async () => {
    const { state, watch, elapse } = create();
    const call = watch();
    call.emit('cancelled');
    state.view = { ...view, devices: 1 };
    await elapse(1_000);
    expect([call.devices, call.isEnded, state.reads]).toEqual([[0], false, 0]);
  });

  it('read once for all, five times a second, write changes alone, and only while somebody watches', async () => {
    const { state, watch, elapse } = create();
    const calls = [watch(), watch()];
    await elapse(1_000);
    state.view = { ...view, devices: 7 };
    await elapse(1_000);
    expect([state.reads, ...calls.map(({ devices }) => devices)]).toEqual([10, [0, 7], [0, 7]]);
    for (const call of calls) call.emit('cancelled');
    await elapse(10_000);
    expect(state.reads).toBe(10);
  });

  it('end where the group push is no longer kept', async () => {
    const { state, watch, elapse } = create();
    state.view = undefined;
    const call = watch();
    const error = new Promise<unknown>((resolve) => call.on('error', resolve));
    await elapse(200);
    expect(await error).toMatchObject({ details: expect.stringContaining('no longer kept') });
  });
});
