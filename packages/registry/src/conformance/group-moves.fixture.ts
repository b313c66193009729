import type { GroupPath } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { Fleet } from '../fleet.ts';
import { moveGroup } from '../group-move.ts';
import { device, deviceId, groupPath, nodeId, stored } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const [floor, lab, annex] = ['HQ/Floor 2', 'HQ/Floor 2/Lab', 'Annex/Floor 2'].map(groupPath) as [
  GroupPath,
  GroupPath,
  GroupPath,
];

export function describeGroupMoves(createStore: CreateStore): void {
  describe('fleet: moving a group', () => {
    it('takes its subgroups, devices and scopes along, and leaves its neighbours', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await fill(registry.fleet);
      expect(await moveGroup(registry.fleet, floor, annex)).toBe(302);
      await expectMoved(registry.fleet);
      expect(await moveGroup(registry.fleet, floor, annex)).toBe('absent');
    });

    it('is refused where the new path is taken, or the group is on its way elsewhere', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await fill(registry.fleet);
      expect(await moveGroup(registry.fleet, floor, groupPath('HQ/Floor 20'))).toBe('taken');
      expect(await registry.fleet.beginGroupMove(floor, annex)).toBe('begun');
      expect(await moveGroup(registry.fleet, floor, groupPath('Remote'))).toBe('busy');
      expect(await registry.fleet.hasGroup(groupPath('Remote'))).toBe(false);
    });

    it('is completed by asking again, wherever it was interrupted', async () => {
      for (const stepsLeft of [1, 2, 3, 5, 40, 305, 306, 308]) {
        await using store = await createStore();
        await using registry = await store.open();
        await fill(registry.fleet);
        await expect(moveGroup(interrupted(registry.fleet, stepsLeft), floor, annex)).rejects.toThrow('interrupted');
        await moveGroup(registry.fleet, floor, annex);
        await expectMoved(registry.fleet);
      }
    });
  });
}

async function fill(fleet: Fleet): Promise<void> {
  for (const path of [lab, groupPath('HQ/Floor 20'), groupPath('HQ/Floor 2.1')]) await fleet.putGroup(path);
  const devices = Array.from({ length: 300 }, (_, index) => device(index, index % 2 ? 'HQ/Floor 2' : 'HQ/Floor 2/Lab'));
  await fleet.putDevices(
    [...devices, device('a', 'HQ/Floor 2'), device('z', 'HQ/Floor 2/Lab'), device('n', 'HQ/Floor 20')],
    () => {},
  );
  const pushServer = { enabled: true, port: 13_295, address: 'dp.example.com', maxConnections: 10, weight: 100 };
  for (const [id, groups] of Object.entries({
    'dp-1': ['HQ', 'HQ/Floor 2'],
    'dp-2': ['HQ/Floor 2/Lab', 'HQ/Floor 20'],
  })) {
    await fleet.putDistributionPoint({ id: nodeId(id), groups: groups.map(groupPath), pushServer });
  }
}

async function expectMoved(fleet: Fleet): Promise<void> {
  const groups = ['Annex', 'Annex/Floor 2', 'Annex/Floor 2/Lab', 'HQ', 'HQ/Floor 2.1', 'HQ/Floor 20'];
  expect(await fleet.listGroups()).toEqual(groups);
  const points = await fleet.listDistributionPoints();
  expect(points.map((point) => point.groups)).toEqual([
    ['HQ', 'Annex/Floor 2'],
    ['Annex/Floor 2/Lab', 'HQ/Floor 20'],
  ]);
  const list = (group: GroupPath, includeSubgroups: boolean) =>
    fleet.listDevices({ group, includeSubgroups, limit: 1_000 });
  expect(await list(floor, true)).toEqual([]);
  expect(await list(annex, false)).toHaveLength(151);
  expect(await list(annex, true)).toHaveLength(302);
  expect(await fleet.getDevice(deviceId('z'))).toEqual(stored(device('z', 'Annex/Floor 2/Lab')));
  expect(await fleet.getDevice(deviceId('n'))).toEqual(stored(device('n', 'HQ/Floor 20')));
}

/** Fails from a certain write on, as the registry of a process that dies does. */
function interrupted(fleet: Fleet, writes: number): Fleet {
  let left = writes;
  return new Proxy(fleet, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...values: unknown[]) => {
        const isRead = /^(get|list|has)/.test(String(name));
        if (!isRead && left-- <= 0) throw new Error('interrupted');
        return Reflect.apply(method, target, values);
      };
    },
  });
}
