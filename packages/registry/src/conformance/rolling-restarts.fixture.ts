import { parseBootId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { RollingRestartRecord } from '../rolling-restarts.ts';
import { nodeId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeRollingRestarts(createStore: CreateStore): void {
  describe('rolling restarts', () => {
    it('keeps one at a time, and the last one after its end', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { rollingRestarts } = registry;
      expect(await rollingRestarts.get()).toBeUndefined();
      const one = { ...rollingRestart('one'), desiredState: 'running' };
      const begun = await Promise.all(['one', 'two'].map((id) => rollingRestarts.begin(rollingRestart(id))));
      expect(begun.map(({ kind }) => kind)).toEqual(['begun', 'known']);
      expect(begun.map(({ view }) => view)).toEqual([one, one]);
      expect(await rollingRestarts.get()).toEqual(one);
      const ended = { ...rollingRestart('one'), state: 'done', endedAtMs: 9 } as const;
      expect(await rollingRestarts.advance(ended, 1)).toEqual({ ...ended, desiredState: 'running' });
      expect(await rollingRestarts.get()).toEqual({ ...ended, desiredState: 'running' });
      expect(await rollingRestarts.begin(rollingRestart('two'))).toMatchObject({ kind: 'begun', view: { id: 'two' } });
    });

    it('takes progress under the newest lease only, and only of the one that is under way', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { rollingRestarts } = registry;
      expect(await rollingRestarts.advance(rollingRestart('none'), 1)).toBeUndefined();
      await rollingRestarts.begin(rollingRestart('one'));
      const moved = { ...rollingRestart('one'), state: 'rebalancing', rebalances: 1 } as const;
      expect(await rollingRestarts.advance(moved, 5)).toMatchObject({ state: 'rebalancing' });
      expect(await rollingRestarts.advance(rollingRestart('one'), 4)).toBeUndefined();
      expect(await rollingRestarts.advance(rollingRestart('other'), 6)).toBeUndefined();
      expect(await rollingRestarts.get()).toMatchObject({ id: 'one', state: 'rebalancing' });
      expect(await rollingRestarts.advance({ ...moved, state: 'done', endedAtMs: 9 }, 5)).toBeDefined();
      expect(await rollingRestarts.advance(moved, 5)).toBeUndefined();
      await rollingRestarts.begin(rollingRestart('two'));
      // The leader of before has not heard that it leads no longer.
      expect(await rollingRestarts.advance(rollingRestart('two'), 4)).toBeUndefined();
      expect(await rollingRestarts.advance(rollingRestart('two'), 5)).toBeDefined();
    });

    it('keeps what is asked for across progress; cancelled stays cancelled', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { rollingRestarts } = registry;
      expect(await rollingRestarts.setDesiredState('paused')).toBeUndefined();
      await rollingRestarts.begin(rollingRestart('one'));
      expect(await rollingRestarts.setDesiredState('paused')).toMatchObject({ id: 'one', desiredState: 'paused' });
      expect(await rollingRestarts.advance(rollingRestart('one'), 1)).toMatchObject({ desiredState: 'paused' });
      expect(await rollingRestarts.setDesiredState('running')).toMatchObject({ desiredState: 'running' });
      expect(await rollingRestarts.setDesiredState('cancelled')).toMatchObject({ desiredState: 'cancelled' });
      expect(await rollingRestarts.setDesiredState('running')).toMatchObject({ desiredState: 'cancelled' });
      await rollingRestarts.advance({ ...rollingRestart('one'), state: 'cancelled', endedAtMs: 9 }, 1);
      await rollingRestarts.begin(rollingRestart('two'));
      expect(await rollingRestarts.get()).toMatchObject({ id: 'two', desiredState: 'running' });
      await rollingRestarts.advance({ ...rollingRestart('two'), state: 'failed', reason: 'x', endedAtMs: 9 }, 1);
      expect(await rollingRestarts.setDesiredState('paused')).toMatchObject({
        state: 'failed',
        desiredState: 'running',
      });
    });
  });
}

export function rollingRestart(id: string): RollingRestartRecord {
  const step = { state: 'waiting', reason: '', devices: 10, room: 90, moved: 0, remaining: 0 } as const;
  const workersBefore = [parseBootId('dp-1-boot-w0')];
  return {
    ...{ id, state: 'running', reason: '', ignoreCapacity: false, ratePerSecond: 200, deadlineMs: 300_000 },
    steps: [
      { ...step, nodeId: nodeId('dp-1'), state: 'draining', maintenanceId: 'm', workersBefore, startedAtMs: 2 },
      { ...step, nodeId: nodeId('dp-2') },
    ],
    rebalances: 0,
    startedAtMs: 1_795_377_000_000,
  };
}
