import { describe, expect, it } from 'vitest';
import type { RebalanceRecord } from '../rebalances.ts';
import { nodeId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeRebalances(createStore: CreateStore): void {
  describe('rebalances', () => {
    it('keeps the last one, written under the newest lease', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      expect(await registry.rebalances.get()).toBeUndefined();
      expect(await registry.rebalances.put(rebalance('one'), 5)).toBe(true);
      expect(await registry.rebalances.put({ ...rebalance('one'), state: 'done', endedAtMs: 7 }, 5)).toBe(true);
      expect(await registry.rebalances.put(rebalance('two'), 6)).toBe(true);
      expect(await registry.rebalances.put(rebalance('late'), 5)).toBe(false);
      expect(await registry.rebalances.get()).toEqual(rebalance('two'));
    });

    it('asks to abort only what is running, and forgets it once that has ended', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { rebalances } = registry;
      expect(await rebalances.requestAbort()).toBe(false);
      await rebalances.put(rebalance('one'), 1);
      expect(await rebalances.requests()).toEqual({ start: false, abort: false });
      expect(await rebalances.requestAbort()).toBe(true);
      // Whoever writes how it goes has perhaps not read the request yet.
      await rebalances.put(rebalance('one'), 1);
      expect(await rebalances.requests()).toEqual({ start: false, abort: true });
      await rebalances.put({ ...rebalance('one'), state: 'aborted' }, 1);
      expect(await rebalances.requests()).toEqual({ start: false, abort: false });
      expect(await rebalances.requestAbort()).toBe(false);
    });

    it('asks for a start until something is put', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { rebalances } = registry;
      await rebalances.requestStart();
      await rebalances.requestStart();
      expect(await rebalances.requests()).toEqual({ start: true, abort: false });
      expect(await rebalances.get()).toBeUndefined();
      await rebalances.put(rebalance('one'), 3);
      expect(await rebalances.requests()).toEqual({ start: false, abort: false });
      await rebalances.requestStart();
      expect(await rebalances.get()).toEqual(rebalance('one'));
      expect(await rebalances.put(rebalance('late'), 2)).toBe(false);
      expect((await rebalances.requests()).start).toBe(true);
    });
  });
}

function rebalance(id: string): RebalanceRecord {
  const moves = [{ from: nodeId('dp-1'), to: nodeId('dp-2'), devices: 10, redirected: 3 }];
  return { id, state: 'running', cause: 'spread', moves, startedAtMs: 1_795_377_000_000 };
}
