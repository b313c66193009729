import { describe, expect, it } from 'vitest';
import type { DistributionPoint } from '../fleet.ts';
import { device, deviceId, groupPath, nodeId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeFleet(createStore: CreateStore): void {
  describe('fleet: groups and distribution points', () => {
    it('creates a group with those above it, and lists groups in the order of their paths', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (const path of ['HQ/Floor 2/Lab', 'Branch', 'HQ/Floor 2', 'Ærø/1', 'HQ-2']) {
        await registry.fleet.putGroup(groupPath(path));
      }
      const expected = ['Branch', 'HQ', 'HQ-2', 'HQ/Floor 2', 'HQ/Floor 2/Lab', 'Ærø', 'Ærø/1'];
      expect(await registry.fleet.listGroups()).toEqual(expected);
    });

    it('knows the groups that there are', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putGroup(groupPath('HQ/Floor 2'));
      expect(await registry.fleet.hasGroup(groupPath('HQ'))).toBe(true);
      expect(await registry.fleet.hasGroup(groupPath('HQ/Floor 2'))).toBe(true);
      expect(await registry.fleet.hasGroup(groupPath('HQ/Floor 3'))).toBe(false);
      expect(await registry.fleet.hasGroup(groupPath('Floor 2'))).toBe(false);
    });

    it('keeps distribution points, replaces them whole, and lists them in the order of their ids', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const points = ['dp-2', 'dp-10', 'DP-1'].map((id) => distributionPoint(id));
      for (const point of points) await registry.fleet.putDistributionPoint(point);
      const replaced = { ...distributionPoint('dp-2'), groups: [] };
      await registry.fleet.putDistributionPoint(replaced);

      expect(await registry.fleet.getDistributionPoint(nodeId('dp-2'))).toEqual(replaced);
      expect(await registry.fleet.getDistributionPoint(nodeId('dp-3'))).toBeUndefined();
      expect(await registry.fleet.listDistributionPoints()).toEqual([points[2], points[1], replaced]);
    });

    it('replaces a scope that is still as the caller knows it, and nothing else', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const point = distributionPoint('dp-1');
      await registry.fleet.putDistributionPoint(point);
      const to = [groupPath('Branch')];
      expect(await registry.fleet.replaceScope(point.id, to, [])).toBe(false);
      expect(await registry.fleet.replaceScope(nodeId('dp-2'), point.groups, to)).toBe(false);
      expect(await registry.fleet.replaceScope(point.id, point.groups, to)).toBe(true);
      expect(await registry.fleet.getDistributionPoint(point.id)).toEqual({ ...point, groups: to });
    });

    it('replaces a distribution point only where it still is as it was read', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { fleet } = registry;
      const point = distributionPoint('dp-1');
      const wanted = { ...point, pushServer: { ...point.pushServer, port: 4_711 } };
      expect(await fleet.replaceDistributionPoint(point, wanted)).toBe(false);
      await fleet.putDistributionPoint(point);
      const read = (await fleet.getDistributionPoint(point.id)) ?? point;
      const attempts = [1, 2, 3].map((weight) => {
        return fleet.replaceDistributionPoint(read, { ...wanted, pushServer: { ...wanted.pushServer, weight } });
      });
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
      expect((await fleet.getDistributionPoint(point.id))?.pushServer.port).toBe(4_711);
      expect(await fleet.replaceDistributionPoint(read, point)).toBe(false);
    });

    it('replaces a device only where it still is as it was read', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { fleet } = registry;
      const first = device(1, 'HQ', 'hash$1$1', { labels: { os: 'linux' } });
      expect(await fleet.replaceDevice(first, first)).toBe('changed');
      await fleet.putDevice(first);
      const read = (await fleet.getDevice(first.id)) ?? first;
      const attempts = ['a', 'b', 'c'].map((ring) => fleet.replaceDevice(read, { ...first, labels: { ring } }));
      expect((await Promise.all(attempts)).filter((one) => one !== 'changed')).toHaveLength(1);
      expect(Object.keys((await fleet.getDevice(first.id))?.labels ?? {})).toEqual(['ring']);
      expect(await fleet.replaceDevice(read, first)).toBe('changed');
    });

    it('gives a device another secret with the step that replaces it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { fleet } = registry;
      const first = device(1, 'HQ', 'hash$1$1');
      await fleet.putDevice(first);
      const replaced = await fleet.replaceDevice(first, { ...first, secretHash: 'hash$2$2' });
      expect(replaced).toMatchObject({ voided: { device: first.id } });
      expect((await fleet.getDevice(first.id))?.secretHash).toBe('hash$2$2');
    });

    it('deletes a distribution point once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDistributionPoint(distributionPoint('dp-1'));
      expect(await registry.fleet.deleteDistributionPoint(nodeId('dp-1'))).toBe(true);
      expect(await registry.fleet.deleteDistributionPoint(nodeId('dp-1'))).toBe(false);
      expect(await registry.fleet.listDistributionPoints()).toEqual([]);
    });

    it('deletes a group that nothing uses, and else says what does', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { fleet } = registry;
      const floor = groupPath('HQ/Floor 2');
      await fleet.putGroup(floor);
      await fleet.putGroup(groupPath('HQ-2'));
      await fleet.putDevice(device(1, 'HQ/Floor 2'));
      await fleet.putDistributionPoint({ ...distributionPoint('dp-1'), groups: [groupPath('HQ')] });

      expect(await fleet.deleteGroup(groupPath('Lab'))).toBe('absent');
      expect(await fleet.deleteGroup(groupPath('HQ'))).toEqual({
        subgroups: [floor],
        distributionPoints: [nodeId('dp-1')],
        devices: [deviceId(1)],
      });
      expect(await fleet.deleteGroup(floor)).toEqual({ subgroups: [], distributionPoints: [], devices: [deviceId(1)] });
      await fleet.deleteDevice(deviceId(1));
      expect(await fleet.deleteGroup(floor)).toBe('deleted');
      expect(await fleet.deleteGroup(groupPath('HQ'))).toMatchObject({ subgroups: [], distributionPoints: ['dp-1'] });
      await fleet.deleteDistributionPoint(nodeId('dp-1'));
      expect(await fleet.deleteGroup(groupPath('HQ'))).toBe('deleted');
      expect(await fleet.listGroups()).toEqual(['HQ-2']);
    });
  });
}

function distributionPoint(id: string): DistributionPoint {
  return {
    id: nodeId(id),
    groups: [groupPath('HQ'), groupPath('Branch/North')],
    pushServer: { enabled: true, port: 13_295, address: 'dp.example.com', maxConnections: 50_000, weight: 100 },
  };
}
