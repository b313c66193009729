import { describe, expect, it } from 'vitest';
import type { MaintenanceRequest } from '../maintenance.ts';
import { nodeId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const drain: MaintenanceRequest = { kind: 'drain', ratePerSecond: 50, deadlineMs: 60_000 };
const restart: MaintenanceRequest = { kind: 'restart', ratePerSecond: 20, deadlineMs: 30_000 };

export function describeMaintenance(createStore: CreateStore): void {
  describe('maintenance', () => {
    it('orders one at a time for each push server', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { maintenance } = registry;
      expect(await maintenance.get(nodeId('dp-1'))).toBeUndefined();
      const ordered = await maintenance.request(nodeId('dp-1'), drain);
      const begin = { phase: 'requested', moved: 0, remaining: 0, startedAtMs: expect.any(Number) };
      expect(ordered).toEqual({ ...drain, ...begin, nodeId: 'dp-1', id: expect.any(String) });
      expect(await maintenance.request(nodeId('dp-1'), restart)).toEqual(ordered);
      expect(await maintenance.get(nodeId('dp-1'))).toEqual(ordered);
      expect(await maintenance.request(nodeId('dp-2'), restart)).toMatchObject(restart);
    });

    it('lets the push server say how it goes, and takes the next order once it is done', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { maintenance } = registry;
      const ordered = await maintenance.request(nodeId('dp-1'), drain);
      const moving = { ...ordered, phase: 'moving', moved: 7, remaining: 3 } as const;
      expect(await maintenance.advance(moving)).toBe(true);
      expect(await maintenance.request(nodeId('dp-1'), restart)).toEqual(moving);
      const done = { ...moving, phase: 'done', endedAtMs: 9 } as const;
      expect(await maintenance.advance(done)).toBe(true);
      expect(await maintenance.get(nodeId('dp-1'))).toEqual(done);

      const next = await maintenance.request(nodeId('dp-1'), restart);
      expect(next).toMatchObject({ ...restart, phase: 'requested', moved: 0 });
      expect(await maintenance.advance(done)).toBe(false);
      expect(await maintenance.get(nodeId('dp-1'))).toEqual(next);
    });

    it('takes an id that its caller has chosen, and asks for nothing new under it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { maintenance } = registry;
      const ordered = await maintenance.request(nodeId('dp-1'), restart, 'chosen');
      expect(ordered).toMatchObject({ ...restart, id: 'chosen', phase: 'requested' });
      const done = { ...ordered, phase: 'done', endedAtMs: 9 } as const;
      await maintenance.advance(done);
      expect(await maintenance.request(nodeId('dp-1'), restart, 'chosen')).toEqual(done);
      expect(await maintenance.request(nodeId('dp-1'), restart, 'other')).toMatchObject({
        id: 'other',
        phase: 'requested',
      });
      expect(await maintenance.request(nodeId('dp-1'), restart, 'third')).toMatchObject({ id: 'other' });
    });

    it('forgets what is cancelled, and lets nobody go on with it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { maintenance } = registry;
      expect(await maintenance.cancel(nodeId('dp-1'))).toBe(false);
      const ordered = await maintenance.request(nodeId('dp-1'), drain);
      expect(await maintenance.cancel(nodeId('dp-1'))).toBe(true);
      expect(await maintenance.advance({ ...ordered, phase: 'moving' })).toBe(false);
      expect(await maintenance.get(nodeId('dp-1'))).toBeUndefined();
    });
  });
}
