import { parseBootId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { ListedNode } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import {
  arrivals,
  beat,
  deviceId,
  deviceIds,
  found,
  impairing,
  nodeId,
  nodeRecord,
  register,
  reservation,
} from './samples.fixture.ts';
import { type CreateStore, patientLimits } from './store.fixture.ts';

export function describeNodes(createStore: CreateStore): void {
  describe('nodes', () => {
    it('lists every push server as it was announced, in the order of ids, with its live links', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const records = ['dp-2', 'dp-10', 'DP-3', 'dp.1'].map((id) => nodeRecord({ id, live: 7 }));
      for (const record of records) await register(registry, record);

      const listed = await registry.nodes.list();
      expect(listed.map((node) => node.nodeId)).toEqual(['DP-3', 'dp-10', 'dp-2', 'dp.1']);
      expect(listed[2]).toEqual({
        ...records[0],
        live: 7,
        reserved: 0,
        acceptsPerSecond: 400,
        overloaded: false,
        liveness: 'alive',
        silentMs: expect.any(Number),
      });
    });

    it('calls a silent push server suspect, then dead, and goes on listing it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      expect((await onlyNode(registry)).liveness).toBe('alive');

      const { suspectAfterMs, deadAfterMs } = patientLimits;
      await store.turn({ idleMs: suspectAfterMs });
      const suspect = await onlyNode(registry);
      expect(suspect.liveness).toBe('suspect');
      expect(suspect.silentMs).toBeGreaterThanOrEqual(suspectAfterMs);
      await store.turn({ idleMs: deadAfterMs - suspectAfterMs });
      const dead = await onlyNode(registry);
      expect(dead.liveness).toBe('dead');
      expect(dead.silentMs).toBeGreaterThanOrEqual(deadAfterMs);
    });

    it('takes a heartbeat as a sign of life and as the new record', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord({ live: 1 }));
      await store.turn({ idleMs: patientLimits.suspectAfterMs });
      expect((await onlyNode(registry)).liveness).toBe('suspect');

      expect(await beat(registry, nodeRecord({ live: 2, status: 'draining' }), arrivals())).toBe('ok');
      expect(await onlyNode(registry)).toMatchObject({ liveness: 'alive', live: 2, status: 'draining' });
    });

    it('writes a record that the registry has lost anew, and says once that it has lost its data', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      await store.wipe();
      expect(await registry.nodes.list()).toEqual([]);

      expect(await beat(registry, nodeRecord({ live: 3 }), arrivals())).toBe('lost');
      expect(await onlyNode(registry)).toMatchObject({ nodeId: 'dp-1', live: 3 });
      expect(await beat(registry, nodeRecord())).toBe('ok');
    });

    it('tells everybody of a loss, whoever was heard first after it, also where the answer to a heartbeat never came', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
      await store.wipe();
      expect(await beat(registry, nodeRecord())).toBe('lost');
      // As one of which no answer comes: the position that it answers is known to nobody.
      await registry.nodes.heartbeat(nodeRecord({ id: 'dp-2' }), arrivals());
      expect(await beat(registry, nodeRecord({ id: 'dp-2' }))).toBe('lost');
      expect(await beat(registry, nodeRecord({ id: 'dp-2' }))).toBe('ok');
    });

    it('tells apart that it lost nothing, but took the push server out', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
      await registry.nodes.retire(nodeId('dp-1'), nodeRecord().bootId);
      expect(await beat(registry, nodeRecord())).toBe('struck-off');
      expect(await beat(registry, nodeRecord())).toBe('ok');
      expect(await beat(registry, nodeRecord({ id: 'dp-2' }))).toBe('ok');
      // What it lost after it had taken the push server out counts as lost.
      await registry.nodes.retire(nodeId('dp-1'), nodeRecord().bootId);
      await store.wipe();
      expect(await beat(registry, nodeRecord())).toBe('lost');
    });

    it('tells of a loss where it went back to an earlier state, and fences nobody off for who was there then', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord({ boot: 'boot-old' }));
      await register(registry, nodeRecord({ id: 'dp-2' }));
      await store.turn({ idleMs: 5_000 });
      await register(registry, nodeRecord({ boot: 'boot-new' }));
      expect(await beat(registry, nodeRecord({ id: 'dp-2' }))).toBe('ok');

      // As the copy of a moment before would have it.
      await registry.nodes.register(nodeRecord({ boot: 'boot-old' }));
      await store.turn({ idleMs: -4_000 });
      expect(await beat(registry, nodeRecord({ boot: 'boot-new', live: 1 }), arrivals([deviceId(1)]))).toBe('lost');
      expect(await registry.nodes.heldDevices(parseBootId('dp-1-boot-w0'), 10)).toEqual([deviceId(1)]);
      expect((await registry.nodes.list())[0]).toMatchObject({ bootId: 'boot-new', live: 1 });
      expect(await beat(registry, nodeRecord({ boot: 'boot-new' }))).toBe('ok');
      expect(await beat(registry, nodeRecord({ boot: 'boot-old' }))).toBe('fenced');
    });

    it('fences off the older of two push servers with one id, and writes nothing of its heartbeat', async () => {
      await using store = await createStore();
      await using older = await store.open();
      await using newer = await store.open();
      await register(older, nodeRecord({ boot: 'boot-old' }));
      await register(newer, nodeRecord({ boot: 'boot-new', live: 1 }));
      await newer.assignments.reserve(reservation(deviceId(1), [['dp-1']]));

      expect(await beat(older, nodeRecord({ boot: 'boot-old', live: 50 }), arrivals([deviceId(1)]))).toBe('fenced');
      expect(await onlyNode(newer)).toMatchObject({ bootId: 'boot-new', live: 1, reserved: 1 });
      expect(await beat(newer, nodeRecord({ boot: 'boot-new', live: 2 }), arrivals())).toBe('ok');
    });

    it('counts a device that has arrived as live and no longer as reserved', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord({ capacity: 2_500 }));
      const devices = deviceIds(2_100);
      await Promise.all(devices.map((id) => registry.assignments.reserve(reservation(id, [['dp-1']]))));
      expect(await onlyNode(registry)).toMatchObject({ live: 0, reserved: 2_100 });

      await registry.nodes.heartbeat(nodeRecord({ capacity: 2_500, live: 2_050 }), arrivals(devices.slice(0, 2_050)));
      expect(await onlyNode(registry)).toMatchObject({ live: 2_050, reserved: 50 });
    });

    it('settles the reservation of a device that came to another push server than the one it was assigned', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
      await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));

      await registry.nodes.heartbeat(nodeRecord({ id: 'dp-2', live: 1 }), arrivals([deviceId(1)]));
      expect((await registry.nodes.list()).map((node) => [node.live, node.reserved])).toEqual([
        [0, 0],
        [1, 0],
      ]);
    });

    it('settles a reservation once, however often the device is named, and ignores devices without one', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      for (const id of deviceIds(3)) await registry.assignments.reserve(reservation(id, [['dp-1']]));

      const arrived = [deviceId(0), deviceId(0), deviceId('unknown')];
      expect(await beat(registry, nodeRecord(), arrivals(arrived))).toBe('ok');
      expect(await beat(registry, nodeRecord(), arrivals(arrived))).toBe('ok');
      expect((await onlyNode(registry)).reserved).toBe(2);
    });

    it('takes a retired push server out with its reservations', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
      await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));
      await registry.assignments.reserve(reservation(deviceId(2), [['dp-2']]));

      expect(await registry.nodes.retire(nodeId('dp-1'), nodeRecord().bootId)).toBe(true);
      expect(await onlyNode(registry)).toMatchObject({ nodeId: 'dp-2', reserved: 1 });
      await register(registry, nodeRecord());
      expect((await registry.nodes.list())[0]).toMatchObject({ nodeId: 'dp-1', reserved: 0 });
    });

    it('retires nothing under another boot id', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord({ boot: 'boot-new' }));
      await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));

      expect(await registry.nodes.retire(nodeId('dp-1'), parseBootId('boot-old'))).toBe(false);
      expect(await onlyNode(registry)).toMatchObject({ bootId: 'boot-new', reserved: 1 });
    });

    it('lists what was found to be wrong with a push server until something else is found', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const id of ['dp-1', 'dp-2']) await register(registry, nodeRecord({ id }));
      const slight = { kind: 'address-unreachable' as const, detail: 'größe', impairs: false };

      expect((await registry.nodes.list()).map((node) => node.found)).toEqual([undefined, undefined]);
      expect(await registry.nodes.setProblem(found({ problem: impairing }))).toBe(true);
      expect((await registry.nodes.list()).map((node) => node.found)).toEqual([impairing, undefined]);
      expect(await registry.nodes.setProblem(found({ problem: slight }))).toBe(true);
      await registry.nodes.heartbeat(nodeRecord(), arrivals());
      expect((await registry.nodes.list()).map((node) => node.found)).toEqual([slight, undefined]);
      expect(await registry.nodes.setProblem(found())).toBe(true);
      expect((await registry.nodes.list()).map((node) => node.found)).toEqual([undefined, undefined]);
    });

    it('keeps what was found of one life of a push server apart from its other lives', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const later = nodeRecord({ boot: 'boot-later' });
      await register(registry, nodeRecord());
      await registry.nodes.setProblem(found({ problem: impairing }));
      await register(registry, later);

      expect((await onlyNode(registry)).found).toBeUndefined();
      expect(await registry.nodes.setProblem(found({ problem: impairing }))).toBe(false);
      expect((await onlyNode(registry)).found).toBeUndefined();
      expect(await registry.nodes.setProblem(found({ bootId: later.bootId, problem: impairing }))).toBe(true);
      await registry.nodes.retire(later.nodeId, later.bootId);
      expect(await registry.nodes.setProblem(found({ bootId: later.bootId, problem: impairing }))).toBe(false);
      await register(registry, later);
      expect((await onlyNode(registry)).found).toBeUndefined();
    });

    it('refuses what somebody found whose lease is over, and its events', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      const cursor = await registry.events.end();
      const event = { kind: 'node-problem' as const, atMs: 5, node: nodeId('dp-1'), reason: 'nobody answers' };

      expect(await registry.nodes.setProblem(found({ token: 7, problem: impairing, events: [event] }))).toBe(true);
      expect(await registry.nodes.setProblem(found({ token: 6, events: [{ ...event, reason: 'late' }] }))).toBe(false);
      expect((await onlyNode(registry)).found).toEqual(impairing);
      expect(await registry.nodes.setProblem(found({ token: 8 }))).toBe(true);
      expect(await registry.nodes.setProblem(found({ token: 7, problem: impairing }))).toBe(false);
      expect((await onlyNode(registry)).found).toBeUndefined();
      expect(await registry.events.read(cursor, 10)).toEqual([{ ...event, cursor: expect.any(String) }]);
    });

    it('leaves exactly one of many that announce the same id at once', async () => {
      await using store = await createStore();
      const registries = await Promise.all([store.open(patientLimits), store.open(patientLimits)]);
      const rivals = Array.from({ length: 20 }, (_, index) => nodeRecord({ boot: `boot-${index}` }));
      await Promise.all(rivals.map((rival, index) => registries[index % 2]?.nodes.register(rival)));

      const beats = await Promise.all(rivals.map((rival, index) => beat(registries[index % 2] as Registry, rival)));
      expect(beats.filter((outcome) => outcome === 'ok')).toHaveLength(1);
      for (const registry of registries) await registry[Symbol.asyncDispose]();
    });
  });
}

async function onlyNode(registry: Registry): Promise<ListedNode> {
  const nodes = await registry.nodes.list();
  expect(nodes).toHaveLength(1);
  return nodes[0] as ListedNode;
}
