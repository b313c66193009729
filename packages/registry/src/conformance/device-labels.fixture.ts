import { type DeviceId, parseLabels } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { DeviceQuery } from '../fleet.ts';
import type { Registry } from '../registry.ts';
import { device, deviceId, groupPath, stored } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const labelled = (id: string | number, group: string, labels: Record<string, string>) =>
  device(id, group, 'sha256$salt$hash', { labels: parseLabels(labels) });

export function describeDeviceLabels(createStore: CreateStore): void {
  describe('fleet: labels and many devices at once', () => {
    it('keeps labels and link kinds, and replaces them whole', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = device(1, 'HQ', 'hash$1$1', {
        labels: { os: 'linux', 'a/b': '1.2_-' },
        linkKinds: ['mqtt', 'grpc'],
      });
      await registry.fleet.putDevice(first);
      expect(await registry.fleet.getDevice(deviceId(1))).toEqual(stored(first));
      await registry.fleet.putDevice(device(1, 'HQ'));
      expect(await registry.fleet.getDevice(deviceId(1))).toEqual(stored(device(1, 'HQ')));
      expect(await ids(registry, { labels: { os: 'linux' } })).toEqual([]);
    });

    it('lists devices that have all of some labels, of a group or of all', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevices(
        [
          labelled(1, 'HQ', { os: 'linux', ring: 'early' }),
          labelled(2, 'HQ/Floor 2', { os: 'linux', ring: 'late' }),
          labelled(3, 'HQ/Floor 2', { os: 'mac', ring: 'early' }),
          labelled(4, 'Branch', { os: 'linux', ring: 'early' }),
          labelled(5, 'HQ', { os: 'linux2', ring: 'early', so: 'linux' }),
          device(6, 'HQ'),
        ],
        () => {},
      );
      const linux = { os: 'linux' };
      const early = { os: 'linux', ring: 'early' };
      const hq = groupPath('HQ');
      expect(await ids(registry, { labels: linux })).toEqual([1, 2, 4].map(deviceId));
      expect(await ids(registry, { labels: early })).toEqual([1, 4].map(deviceId));
      expect(await ids(registry, { labels: linux, group: hq })).toEqual([1, 2].map(deviceId));
      expect(await ids(registry, { labels: linux, group: hq, includeSubgroups: false })).toEqual([deviceId(1)]);
      expect(await ids(registry, { labels: early, group: hq })).toEqual([deviceId(1)]);
      expect(await ids(registry, { labels: { os: 'bsd' } })).toEqual([]);
      expect(await ids(registry, { labels: {} })).toHaveLength(6);
    });

    it('pages through devices with labels, each exactly once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const devices = Array.from({ length: 1_200 }, (_, index) =>
        labelled(String(index).padStart(4, '0'), index % 3 ? 'HQ' : 'Branch', {
          os: index % 2 ? 'linux' : 'mac',
          ring: `r${index % 5}`,
        }),
      );
      await registry.fleet.putDevices(devices, () => {});
      const expected = devices.filter((_, index) => index % 2 && index % 5 === 1 && index % 3).map(({ id }) => id);
      const found: DeviceId[] = [];
      for (;;) {
        const after = found.at(-1);
        const query = {
          labels: { os: 'linux', ring: 'r1' },
          group: groupPath('HQ'),
          limit: 7,
          ...(after && { after }),
        };
        const page = await ids(registry, query);
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(7);
        found.push(...page);
      }
      expect(found).toEqual(expected);
    });

    it('moves a device and leaves the rest of it as it is', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const before = device(1, 'HQ/Floor 2', 'hash$1$1', { labels: { os: 'linux' }, linkKinds: ['grpc'] });
      await registry.fleet.putDevice(before);
      expect(await registry.fleet.moveDevice(deviceId(1), groupPath('Branch'))).toBe(true);
      expect(await registry.fleet.moveDevice(deviceId(1), groupPath('Branch'))).toBe(true);
      expect(await registry.fleet.moveDevice(deviceId(2), groupPath('Branch'))).toBe(false);
      expect(await registry.fleet.getDevice(deviceId(1))).toEqual({ ...stored(before), group: 'Branch' });
      expect(await ids(registry, { group: groupPath('HQ') })).toEqual([]);
      expect(await ids(registry, { group: groupPath('Branch'), labels: { os: 'linux' } })).toEqual([deviceId(1)]);
    });

    it('keeps both of two changes, of the group and of the rest, that are made at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      for (let round = 0; round < 20; round += 1) {
        await one.fleet.putDevice(device(1, 'HQ', 'old'));
        await Promise.all([
          one.fleet.moveDevice(deviceId(1), groupPath('Branch')),
          other.fleet.putDevice(labelled(1, 'HQ', { round: `r${round}` })),
        ]);
        const record = await one.fleet.getDevice(deviceId(1));
        expect(record?.labels).toEqual({ round: `r${round}` });
        expect(await ids(one, { labels: { round: `r${round}` } })).toEqual([deviceId(1)]);
        expect(await ids(one, { group: groupPath(record?.group === 'HQ' ? 'Branch' : 'HQ') })).toEqual([]);
      }
    });

    it('gets many devices at once, as far as there are any', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevices([device(1, 'HQ'), device(2, 'Branch')], () => {});
      const got = await registry.fleet.getDevices([1, 3, 2].map(deviceId));
      expect([...got]).toEqual([
        [deviceId(1), stored(device(1, 'HQ'))],
        [deviceId(2), stored(device(2, 'Branch'))],
      ]);
      expect(await registry.fleet.getDevices([])).toEqual(new Map());
    });
  });
}

async function ids(registry: Registry, part: Partial<DeviceQuery>): Promise<DeviceId[]> {
  const query = { includeSubgroups: true, limit: 1_000, ...part };
  const listed = await registry.fleet.listDeviceIds(query);
  expect((await registry.fleet.listDevices(query)).map(({ id }) => id)).toEqual(listed);
  return listed;
}
