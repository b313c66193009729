import type { Epoch } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { deviceId, deviceIds, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';
import { eventually } from './store.fixture.ts';

export function describeSessions(createStore: CreateStore): void {
  describe('sessions', () => {
    it('finds the open session with all that was said about it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const at = workerRef('dp-1', 'boot-7');
      const { epoch, previous } = await openSession(registry, deviceId(1), at, 'mqtt');

      expect(previous).toBeUndefined();
      const session = await registry.sessions.find(deviceId(1));
      expect(session).toEqual({ ...at, epoch, link: 'mqtt', openedAtMs: expect.any(Number) });
      expect(Math.abs(Date.now() - (session?.openedAtMs ?? 0))).toBeLessThan(60_000);
      expect(await registry.sessions.find(deviceId(2))).toBeUndefined();
    });

    it('lets the newest session win and tells whose it takes over', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      const before = await registry.sessions.find(deviceId(1));
      const second = await openSession(registry, deviceId(1), workerRef('dp-2'), 'mqtt');

      expect(second.epoch).toBeGreaterThan(first.epoch);
      expect(second.previous).toEqual(before);
      expect(await registry.sessions.find(deviceId(1))).toMatchObject({ nodeId: 'dp-2', epoch: second.epoch });
    });

    it('closes the session once; the next one has no previous and a greater epoch', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      expect(await registry.sessions.close(deviceId(1), first.epoch)).toBe(true);
      expect(await registry.sessions.close(deviceId(1), first.epoch)).toBe(false);
      expect(await registry.sessions.find(deviceId(1))).toBeUndefined();

      const second = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      expect(second.previous).toBeUndefined();
      expect(second.epoch).toBeGreaterThan(first.epoch);
    });

    it('ignores the late goodbye of an older link, and one of a device it does not know', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const older = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      const newer = await openSession(registry, deviceId(1), workerRef('dp-2'), 'grpc');

      expect(await registry.sessions.close(deviceId(1), older.epoch)).toBe(false);
      expect((await registry.sessions.find(deviceId(1)))?.epoch).toBe(newer.epoch);
      expect(await registry.sessions.close(deviceId(2), older.epoch)).toBe(false);
    });

    it('gives every session of a device a greater epoch, also many within one millisecond', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epochs: Epoch[] = [];
      for (let round = 0; round < 100; round += 1) {
        const { epoch } = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
        epochs.push(epoch);
        if (round % 3 === 0) await registry.sessions.close(deviceId(1), epoch);
      }
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    });

    it('gives a greater epoch even after the registry has lost its data', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const before = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      await store.wipe();
      expect(await registry.sessions.find(deviceId(1))).toBeUndefined();
      // The clock is all that is left, and it counts milliseconds. No store loses its data and is back within one.
      await eventually(() => expect(Date.now()).toBeGreaterThan(before.epoch));

      const after = await openSession(registry, deviceId(1), workerRef('dp-1'), 'grpc');
      expect(after.epoch).toBeGreaterThan(before.epoch);
      expect(after.previous).toBeUndefined();
    });

    it('orders sessions that are opened at once: each takes over another one, the greatest epoch stays', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const opened = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          openSession(index % 2 ? one : other, deviceId(1), workerRef(`dp-${index}`), 'mqtt'),
        ),
      );
      opened.sort((a, b) => a.epoch - b.epoch);
      expect(opened.map(({ previous }) => previous?.epoch)).toEqual([
        undefined,
        ...opened.slice(0, -1).map(({ epoch }) => epoch),
      ]);
      expect((await one.sessions.find(deviceId(1)))?.epoch).toBe(opened.at(-1)?.epoch);
    });

    it('finds the sessions of many devices and leaves out those that have none', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const devices = deviceIds(500);
      for (const [index, device] of devices.entries()) {
        if (index % 5 === 0) continue;
        const { epoch } = await openSession(registry, device, workerRef(`dp-${index}`), 'mqtt');
        if (index % 5 === 1) await registry.sessions.close(device, epoch);
      }
      const found = await registry.sessions.findMany(devices);
      expect([...found.keys()]).toEqual(devices.filter((_, index) => index % 5 > 1));
      expect(found.get(deviceId(2))).toEqual(await registry.sessions.find(deviceId(2)));
      expect(await registry.sessions.findMany([])).toEqual(new Map());
    });
  });
}
