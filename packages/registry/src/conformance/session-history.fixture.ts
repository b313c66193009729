import type { BootId, Epoch } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { by, device, deviceId, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const id = deviceId(1);

export function describeSessionHistory(createStore: CreateStore): void {
  describe('sessions: the history of a device', () => {
    it('tells where it connected, moved to, and what it left, why and when', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      expect(await registry.sessions.history(id)).toEqual([]);
      const first = await openSession(registry, id, workerRef('dp-1', 'one'), 'grpc');
      await registry.sessions.close(id, first.epoch, 'goodbye');
      await openSession(registry, id, workerRef('dp-1', 'one'), 'grpc');
      const moved = await openSession(registry, id, workerRef('dp-2', 'two'), 'mqtt');
      await registry.sessions.close(id, first.epoch, 'sessionTakenOver');
      await registry.sessions.close(id, moved.epoch);
      const at = { atMs: expect.any(Number) };
      const history = await registry.sessions.history(id);
      expect(history).toEqual([
        { ...at, kind: 'disconnected', nodeId: 'dp-2', link: 'mqtt', reason: '' },
        { ...at, kind: 'moved', nodeId: 'dp-2', link: 'mqtt', reason: '' },
        { ...at, kind: 'connected', nodeId: 'dp-1', link: 'grpc', reason: '' },
        { ...at, kind: 'disconnected', nodeId: 'dp-1', link: 'grpc', reason: 'goodbye' },
        { ...at, kind: 'connected', nodeId: 'dp-1', link: 'grpc', reason: '' },
      ]);
      expect(Math.abs(Date.now() - (history[0]?.atMs ?? 0))).toBeLessThan(60_000);
    });

    it('has the last 20 changes, newest first', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (let round = 0; round < 13; round += 1) {
        const { epoch } = await openSession(registry, id, workerRef(`dp-${round}`), 'grpc');
        await registry.sessions.close(id, epoch, 'goodbye');
      }
      const nodes = (await registry.sessions.history(id)).map(({ kind, nodeId }) => `${kind} ${nodeId}`);
      const expected = Array.from({ length: 10 }, (_, at) => [`disconnected dp-${12 - at}`, `connected dp-${12 - at}`]);
      expect(nodes).toEqual(expected.flat());
    });

    it('says of a worker that was taken for dead and of one that asserts its session', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const at = workerRef('dp-1', 'one');
      const { epoch } = await openSession(registry, id, at, 'mqtt');
      await registry.sessions.assert(id, epoch, at, by('mqtt'));
      await registry.sessions.reap(id, 'another' as BootId);
      await registry.sessions.reap(id, at.bootId);
      await registry.sessions.reap(id, at.bootId);
      expect(await words(registry)).toEqual(['disconnected nodeDead', 'connected ']);
      await registry.sessions.assert(id, epoch, at, by('mqtt'));
      expect(await words(registry)).toEqual(['connected sessionAsserted', 'disconnected nodeDead', 'connected ']);
      // One that the registry never knew of.
      await registry.sessions.assert(deviceId(2), 7 as Epoch, at, by('grpc'));
      expect(await words(registry, deviceId(2))).toEqual(['connected sessionAsserted']);
    });

    it('says that its tickets were voided, and is forgotten with the device', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ'));
      await openSession(registry, id, workerRef('dp-1'), 'grpc');
      await registry.fleet.voidTickets(id);
      await registry.fleet.voidTickets(id);
      expect(await words(registry)).toEqual(['disconnected ticketVoid', 'connected ']);
      await openSession(registry, id, workerRef('dp-1'), 'grpc');
      await registry.fleet.deleteDevice(id);
      expect(await registry.sessions.history(id)).toEqual([]);
    });
  });
}

async function words({ sessions }: Registry, of = id): Promise<string[]> {
  return (await sessions.history(of)).map(({ kind, reason }) => `${kind} ${reason}`);
}
