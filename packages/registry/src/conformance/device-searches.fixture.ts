import type { BootId, DeviceId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { DeviceSearch } from '../fleet.ts';
import type { Registry } from '../registry.ts';
import type { LinkKind } from '../sessions.ts';
import { arrivals, device, deviceId, groupPath, nodeRecord, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const boots = { one: 'dp-1-boot-w0' as BootId, two: 'dp-2-boot-w0' as BootId };

export function describeDeviceSearches(createStore: CreateStore): void {
  describe('fleet: searches for devices', () => {
    it('find devices by a part of their ids, in large or small letters, in the order of ids', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const names = ['Laptop-7', 'laptop-17', 'tower.100', 'tower_1', 'PHONE:9'];
      await put(registry, names, 'HQ');
      await put(registry, ['laptop-x'], 'Branch');
      expect(await search(registry, { search: 'LAPTOP' })).toEqual(['Laptop-7', 'laptop-17', 'laptop-x']);
      expect(await search(registry, { search: '7' })).toEqual(['Laptop-7', 'laptop-17']);
      expect(await search(registry, { search: 'phone' })).toEqual(['PHONE:9']);
      // They stand for themselves.
      expect(await search(registry, { search: '%' })).toEqual([]);
      expect(await search(registry, { search: '_' })).toEqual(['tower_1']);
      expect(await search(registry, { search: '.1' })).toEqual(['tower.100']);
      expect(await search(registry, { search: 'laptop', group: groupPath('HQ') })).toEqual(['Laptop-7', 'laptop-17']);
      expect(await search(registry, { search: '\0' })).toEqual([]);
      expect(await search(registry, {})).toHaveLength(6);
    });

    it('find devices by whether, where and how they are connected', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const ids = await connect(registry);
      const [all, one] = [[boots.one, boots.two], [boots.one]];
      const find = (session: DeviceSearch['session'], rest: Partial<DeviceSearch> = {}) =>
        search(registry, { ...rest, ...(session ? { session } : {}) });
      expect(await find({ kind: 'held', by: all })).toEqual(ids.slice(0, 4));
      expect(await find({ kind: 'not-held', by: all })).toEqual(ids.slice(4));
      expect(await find({ kind: 'held', by: one })).toEqual(ids.slice(0, 2));
      expect(await find({ kind: 'held', by: all, link: 'mqtt' })).toEqual([ids[1], ids[3]]);
      expect(await find({ kind: 'held', by: one, link: 'grpc' })).toEqual([ids[0]]);
      expect(await find({ kind: 'held', by: all }, { search: '-3' })).toEqual([ids[3]]);
      expect(await find({ kind: 'held', by: all }, { group: groupPath('Branch') })).toEqual([]);
      expect(await find({ kind: 'held', by: [] })).toEqual([]);
      expect(await find({ kind: 'not-held', by: [] })).toEqual(ids);
    });

    it('go by the session where heartbeats have not told yet', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const [first] = await connect(registry);
      const session = await registry.sessions.find(first as DeviceId);
      await registry.sessions.close(first as DeviceId, session?.epoch as never);
      expect(await search(registry, { session: { kind: 'held', by: [boots.one] } })).toEqual([deviceId(1)]);
    });

    it('go on page by page, each device once, with the same conditions', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const names = Array.from({ length: 1_300 }, (_, index) => `d-${String(index).padStart(4, '0')}`);
      await put(registry, names, 'HQ');
      const expected = names.filter((name) => name.includes('7'));
      const found: string[] = [];
      let after: DeviceId | undefined;
      do {
        const page = await registry.fleet.searchDevices({
          ...{ includeSubgroups: true, search: '7', limit: 9 },
          ...(after ? { after } : {}),
        });
        expect(page.devices.length).toBeLessThanOrEqual(9);
        found.push(...page.devices.map(({ id }) => id));
        after = page.next;
      } while (after);
      expect(found).toEqual(expected);
    });

    it('find all devices, and those of several labels, page by page', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const labelled = Array.from({ length: 40 }, (_, at) => ({
        ...device(at, 'HQ'),
        id: `d-${String(at).padStart(2, '0')}` as DeviceId,
        labels: { two: String(at % 2), three: String(at % 3) },
      }));
      await registry.fleet.putDevices(labelled, () => {});
      const pages = async (labels: Record<string, string>) => {
        const found: DeviceId[] = [];
        let after: DeviceId | undefined;
        do {
          const query = { includeSubgroups: true, limit: 3, labels, ...(after ? { after } : {}) };
          const page = await registry.fleet.searchDevices(query);
          found.push(...page.devices.map(({ id }) => id));
          after = page.next;
        } while (after);
        return found;
      };
      const idsOf = (test: (at: number) => boolean) => labelled.filter((_, at) => test(at)).map(({ id }) => id);
      expect(await pages({})).toEqual(idsOf(() => true));
      expect(await pages({ two: '1', three: '2' })).toEqual(idsOf((at) => at % 6 === 5));
      expect(await pages({ two: '1', three: '7' })).toEqual([]);
    });

    it('count the devices of groups, subgroups included', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await put(registry, ['a', 'b'], 'HQ/Floor 2');
      await put(registry, ['c'], 'HQ');
      const groups = ['HQ', 'HQ/Floor 2', 'Branch'].map(groupPath);
      expect(await registry.fleet.countDevices(groups)).toEqual([3, 2, 0]);
      expect(await registry.fleet.countDevices([])).toEqual([]);
      await registry.fleet.deleteDevice('a' as DeviceId);
      await registry.fleet.moveDevice('b' as DeviceId, groupPath('Branch'));
      expect(await registry.fleet.countDevices(groups)).toEqual([1, 0, 1]);
    });
  });
}

/** Six devices: two on each of two push servers, one link of each kind, and two away. */
async function connect(registry: Registry): Promise<DeviceId[]> {
  const ids = Array.from({ length: 6 }, (_, index) => deviceId(index));
  await put(registry, ids, 'HQ');
  const links: LinkKind[] = ['grpc', 'mqtt'];
  for (const [at, boot] of [boots.one, boots.two].entries()) {
    const node = `dp-${at + 1}`;
    await registry.nodes.register(nodeRecord({ id: node }));
    const here = ids.slice(2 * at, 2 * at + 2);
    for (const [index, id] of here.entries()) {
      await openSession(registry, id, { ...workerRef(node), bootId: boot }, links[index] as LinkKind);
    }
    await registry.nodes.heartbeat(nodeRecord({ id: node }), arrivals(here, boot));
  }
  return ids;
}

async function put({ fleet }: Registry, ids: readonly string[], group: string): Promise<void> {
  await fleet.putDevices(
    ids.map((id) => ({ ...device(1, group), id: id as DeviceId })),
    () => {},
  );
}

async function search({ fleet }: Registry, query: Partial<DeviceSearch>): Promise<string[]> {
  const { devices } = await fleet.searchDevices({ includeSubgroups: true, limit: 100, ...query });
  return devices.map(({ id }) => id);
}
