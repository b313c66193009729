import { describe, expect, it } from 'vitest';
import type { Device, DeviceQuery } from '../fleet.ts';
import type { Registry } from '../registry.ts';
import { device, deviceId, groupPath, stored } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeDevices(createStore: CreateStore): void {
  describe('fleet: devices', () => {
    it('keeps a device, replaces it, and deletes it once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ', 'first'));
      await registry.fleet.putDevice(device(1, 'HQ', 'second'));
      expect(await registry.fleet.getDevice(deviceId(1))).toEqual(stored(device(1, 'HQ', 'second')));

      expect(await registry.fleet.deleteDevice(deviceId(1))).toMatchObject({ absent: false });
      expect(await registry.fleet.deleteDevice(deviceId(1))).toMatchObject({ absent: true });
      expect(await registry.fleet.getDevice(deviceId(1))).toBeUndefined();
      expect(await list(registry, { includeSubgroups: false })).toEqual([]);
      expect(await list(registry, { group: groupPath('HQ'), includeSubgroups: true })).toEqual([]);
    });

    it('lists devices of a group, of its subgroups too, or of all groups', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const groups = ['HQ/Floor 2', 'HQ', 'HQ-2', 'HQ/Floor 2/Lab', 'Branch', 'HQ/Floor 3', 'HQ'];
      for (const [index, group] of groups.entries()) await registry.fleet.putDevice(device(index, group));
      const ids = async (group: string | undefined, includeSubgroups: boolean) =>
        (await list(registry, { ...(group && { group: groupPath(group) }), includeSubgroups })).map(({ id }) => id);

      expect(await ids(undefined, false)).toEqual(groups.map((_, index) => deviceId(index)));
      expect(await ids('HQ', false)).toEqual([deviceId(1), deviceId(6)]);
      expect(await ids('HQ', true)).toEqual([0, 1, 3, 5, 6].map(deviceId));
      expect(await ids('HQ/Floor 2', true)).toEqual([0, 3].map(deviceId));
      expect(await ids('HQ/Floor 2/Lab', true)).toEqual([deviceId(3)]);
      expect(await ids('Floor 2', true)).toEqual([]);
    });

    it('moves a device out of its old group and the groups above it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ/Floor 2'));
      await registry.fleet.putDevice(device(1, 'HQ/Floor 3'));
      const count = async (group: string) =>
        (await list(registry, { group: groupPath(group), includeSubgroups: true })).length;
      expect([await count('HQ'), await count('HQ/Floor 2'), await count('HQ/Floor 3')]).toEqual([1, 0, 1]);

      await registry.fleet.putDevice(device(1, 'Branch'));
      expect([await count('HQ'), await count('HQ/Floor 3'), await count('Branch')]).toEqual([0, 0, 1]);
    });

    it('pages through devices in the order of their ids, each exactly once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const names = Array.from({ length: 53 }, (_, index) => `${index % 3 ? 'B' : 'a'}${index}`);
      for (const [index, name] of names.entries()) {
        await registry.fleet.putDevice(device(name, index % 2 ? 'HQ/Floor 2' : 'HQ'));
      }
      const expected = names.map(deviceId).sort();
      for (const query of [{ includeSubgroups: false }, { group: groupPath('HQ'), includeSubgroups: true }]) {
        expect(await pageThrough(registry, query, 10)).toEqual(expected);
        expect(await pageThrough(registry, query, 53)).toEqual(expected);
      }
      expect(await list(registry, { includeSubgroups: false, limit: 0 })).toEqual([]);
    });

    it('takes quick changes of one device in their order', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (let round = 0; round < 30; round += 1) {
        await registry.fleet.putDevice(device(1, 'HQ'));
        await registry.fleet.putDevice(device(1, 'Branch'));
        expect(await registry.fleet.deleteDevice(deviceId(1))).toMatchObject({ absent: false });
        await registry.fleet.putDevice(device(1, 'Lab', `secret of round ${round}`));
        expect(await registry.fleet.getDevice(deviceId(1))).toEqual(
          stored(device(1, 'Lab', `secret of round ${round}`)),
        );
      }
      expect(await groupsThatList(registry, ['HQ', 'Branch', 'Lab'])).toEqual(['Lab']);
    });

    it('leaves a device in one group only, the one of its record, when several callers move it at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const groups = ['HQ', 'HQ/Floor 2', 'HQ/Floor 3', 'Branch'];
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            (index % 2 ? one : other).fleet.putDevice(device(1, groups[index % groups.length] ?? '')),
          ),
        );
        const record = await one.fleet.getDevice(deviceId(1));
        expect(await groupsThatList(one, groups)).toEqual([record?.group]);
      }
    });

    it('is either whole or gone after puts and deletes at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          Array.from({ length: 10 }, async (_, index) => {
            if (index % 2) await one.fleet.deleteDevice(deviceId(1));
            else await other.fleet.putDevice(device(1, index % 4 ? 'HQ' : 'Branch'));
          }),
        );
        const record = await one.fleet.getDevice(deviceId(1));
        expect(await groupsThatList(one, ['HQ', 'Branch'])).toEqual(record ? [record.group] : []);
        expect(await list(one, { includeSubgroups: false })).toEqual(record ? [record] : []);
      }
    });
  });
}

async function list(registry: Registry, part: Partial<DeviceQuery> & { includeSubgroups: boolean }): Promise<Device[]> {
  const query = { limit: 1_000, ...part };
  const devices = await registry.fleet.listDevices(query);
  expect(await registry.fleet.listDeviceIds(query)).toEqual(devices.map(({ id }) => id));
  return devices;
}

async function groupsThatList(registry: Registry, groups: string[]): Promise<string[]> {
  const listed: string[] = [];
  for (const group of groups) {
    const devices = await list(registry, { group: groupPath(group), includeSubgroups: false });
    if (devices.length > 0) listed.push(group);
  }
  return listed;
}

async function pageThrough(registry: Registry, query: { includeSubgroups: boolean }, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let page: Device[];
  let after: Device['id'] | undefined;
  do {
    page = await list(registry, { ...query, limit, ...(after && { after }) });
    expect(page.length).toBeLessThanOrEqual(limit);
    ids.push(...page.map(({ id }) => id));
    after = page.at(-1)?.id;
  } while (page.length > 0);
  return ids;
}
