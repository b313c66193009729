import { parseBootId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { HeldDevice } from '../nodes.ts';
import { arrivals, beat, deviceId, deviceIds, nodeRecord, orphanedBoots, register } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';
import { patientLimits } from './store.fixture.ts';

const w0 = parseBootId('dp-1-boot-w0');
const w1 = parseBootId('dp-1-boot-w1');

export function describeHeldDevices(createStore: CreateStore): void {
  describe('nodes: held devices', () => {
    it('keeps the devices whose sessions a life of a worker holds, as heartbeats tell', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      const at = (bootId: typeof w0, ...ids: number[]): HeldDevice[] =>
        ids.map((id) => ({ device: deviceId(id), bootId }));
      const held = async (bootId: typeof w0) => (await registry.nodes.heldDevices(bootId, 100)).sort();

      const arrived = [...at(w0, 1, 2, 3), ...at(w1, 4)];
      await registry.nodes.heartbeat(nodeRecord(), { arrived, left: at(w0, 3), events: [] });
      expect(await held(w0)).toEqual([1, 2].map(deviceId));
      expect(await held(w1)).toEqual([deviceId(4)]);

      // A device that moves to another worker is struck off the first one's list only.
      await registry.nodes.heartbeat(nodeRecord(), { arrived: at(w1, 1), left: at(w0, 1, 9), events: [] });
      expect(await held(w0)).toEqual([deviceId(2)]);
      expect(await held(w1)).toEqual([1, 4].map(deviceId));
    });

    it('names the boot ids whose worker is gone, until all the devices that it held are forgotten', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const record = nodeRecord();
      await register(registry, record);
      const devices = deviceIds(1_500);
      await registry.nodes.heartbeat(record, arrivals(devices));
      expect(await orphanedBoots(registry)).toEqual([]);

      const [, second] = record.workers;
      const reborn = { ...record, workers: [{ ...nodeRecord({ boot: 'next' }).workers[0], workerId: 'w0' }, second] };
      await registry.nodes.heartbeat(reborn as typeof record, arrivals());
      expect(await orphanedBoots(registry)).toEqual([w0]);
      const some = await registry.nodes.heldDevices(w0, 500);
      expect(new Set(some).size).toBe(500);
      await registry.nodes.forgetHeldDevices(w0, some);
      expect(await registry.nodes.heldDevices(w0, 9_999)).toHaveLength(1_000);
      expect(await orphanedBoots(registry)).toEqual([w0]);

      await registry.nodes.forgetHeldDevices(w0, devices);
      expect(await registry.nodes.heldDevices(w0, 10)).toEqual([]);
      expect(await orphanedBoots(registry)).toEqual([]);
      await registry.nodes.forgetHeldDevices(w0, []);
    });

    it('counts the workers of a push server that is dead, or retired, as gone', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      await registry.nodes.heartbeat(nodeRecord(), arrivals([deviceId(1)]));
      expect(await orphanedBoots(registry)).toEqual([]);
      await store.turn({ idleMs: patientLimits.deadAfterMs });
      expect(await orphanedBoots(registry)).toEqual([w0]);
      await registry.nodes.heartbeat(nodeRecord(), arrivals());
      expect(await orphanedBoots(registry)).toEqual([]);

      await registry.nodes.retire(nodeRecord().nodeId, nodeRecord().bootId);
      expect(await orphanedBoots(registry)).toEqual([w0]);
    });

    it('writes nothing of what a push server says that is fenced off', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord({ boot: 'boot-new' }));
      const before = await registry.events.end();
      const delta = arrivals([deviceId(1)]);
      delta.events = [{ kind: 'node-ready', atMs: 1 }];
      expect(await beat(registry, nodeRecord(), delta)).toBe('fenced');
      expect(await registry.nodes.heldDevices(w0, 10)).toEqual([]);
      expect(await orphanedBoots(registry)).toEqual([]);
      expect(await registry.events.read(before, 10)).toEqual([]);
    });
  });
}
