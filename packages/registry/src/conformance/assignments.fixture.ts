import { describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import {
  arrivals,
  deviceId,
  deviceIds,
  found,
  impairing,
  type NodeSample,
  nodeId,
  nodeRecord,
  reservation,
} from './samples.fixture.ts';
import { type CreateStore, eventually, patientLimits, soonMs } from './store.fixture.ts';

export function describeAssignments(createStore: CreateStore): void {
  describe('assignments', () => {
    it('picks the push server with the smallest share of its capacity used or reserved', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'big', capacity: 100, live: 30 }, { id: 'small', capacity: 10, live: 4 });

      const primaries: unknown[] = [];
      for (const device of deviceIds(12)) {
        const reserved = await registry.assignments.reserve(reservation(device, [['small', 'big']]));
        primaries.push(reserved.kind === 'reserved' && reserved.primary);
      }
      // 30 of 100 up to 40 of 100, which is a tie with 4 of 10 that either may win.
      expect(primaries.slice(0, 10)).toEqual(Array(10).fill('big'));
      expect(primaries.slice(10).sort()).toEqual(['big', 'small']);
    });

    it('uses a later tier only where no earlier one has room', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'near', capacity: 2 }, { id: 'far', capacity: 100 });
      const tiers = [['gone'], ['near'], ['far']];

      const primaries = [];
      for (const device of deviceIds(3)) primaries.push(await primaryOf(registry, reservation(device, tiers)));
      expect(primaries).toEqual(['near', 'near', 'far']);
    });

    it('uses an avoided push server only where no other one of any tier has room', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'near' }, { id: 'far', capacity: 1 });
      const avoid = [nodeId('near')];

      const primaries = [];
      for (const device of deviceIds(2)) {
        primaries.push(await primaryOf(registry, reservation(device, [['near'], ['far']], { avoid })));
      }
      expect(primaries).toEqual(['far', 'near']);
    });

    it('uses an impaired push server only where no other one has room, avoided ones included', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'bad' }, { id: 'good', capacity: 1 }, { id: 'avoided', capacity: 1 });
      await registry.nodes.setProblem(found({ id: 'bad', problem: impairing }));
      const rest = { avoid: [nodeId('avoided')], backups: 3 };
      const reserve = (id: number, more = {}) =>
        registry.assignments.reserve(reservation(deviceId(id), [['bad', 'good'], ['avoided']], { ...rest, ...more }));

      expect(await reserve(1)).toEqual({ kind: 'reserved', primary: 'good', backups: ['avoided'], connectAfterMs: 0 });
      expect(await reserve(2)).toEqual({ kind: 'reserved', primary: 'avoided', backups: [], connectAfterMs: 0 });
      expect(await reserve(3, { onlySound: true })).toEqual({ kind: 'full' });
      expect(await reserve(3)).toEqual({ kind: 'reserved', primary: 'bad', backups: [], connectAfterMs: 0 });
      await registry.nodes.setProblem(found({ id: 'bad' }));
      expect(await reserve(4, { onlySound: true })).toEqual({
        kind: 'reserved',
        primary: 'bad',
        backups: [],
        connectAfterMs: 0,
      });
    });

    it('takes no notice of a problem that does not impair, or that another life had', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'slight' }, { id: 'revived' }, { id: 'loaded', live: 99 });
      const slight = { ...impairing, impairs: false };
      await registry.nodes.setProblem(found({ id: 'slight', problem: slight }));
      await registry.nodes.setProblem(found({ id: 'revived', problem: impairing }));
      await announce(registry, { id: 'revived', boot: 'another-life' });

      for (const id of ['slight', 'revived']) {
        expect(await primaryOf(registry, reservation(deviceId(id), [[id, 'loaded']]))).toBe(id);
      }
    });

    it('gives a reservation up where the push server has become impaired', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a' }, { id: 'b', live: 50 });
      const request = reservation(deviceId(1), [['a', 'b']]);
      expect(await primaryOf(registry, request)).toBe('a');
      await registry.nodes.setProblem(found({ id: 'a', problem: impairing }));
      expect(await primaryOf(registry, request)).toBe('b');
      expect(await reservedPlaces(registry)).toEqual({ b: 1 });
    });

    it('gives no devices to a push server that knows itself to be impaired', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.nodes.register({ ...nodeRecord(), problem: impairing });
      expect(await primaryOf(registry, reservation(deviceId(1), [['dp-1']]))).toBe('none-ready');
      await registry.nodes.heartbeat({ ...nodeRecord(), problem: { ...impairing, impairs: false } }, arrivals());
      expect(await primaryOf(registry, reservation(deviceId(1), [['dp-1']]))).toBe('dp-1');
    });

    it('answers "full" where push servers are ready without room, "none-ready" where none is ready', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'full', capacity: 1, live: 1 }, { id: 'none', capacity: 0 });
      await announce(registry, { id: 'starting', status: 'starting' }, { id: 'draining', status: 'draining' });
      const reserve = (tiers: string[][]) => registry.assignments.reserve(reservation(deviceId(1), tiers));

      expect(await reserve([['full', 'draining']])).toEqual({ kind: 'full' });
      expect(await reserve([['none'], ['starting']])).toEqual({ kind: 'full' });
      expect(await reserve([['starting'], ['draining', 'unknown']])).toEqual({ kind: 'none-ready' });
      expect(await reserve([[]])).toEqual({ kind: 'none-ready' });
      expect(await reserve([])).toEqual({ kind: 'none-ready' });
    });

    it('offers a device its own place, however full: to each of them that come back at once, and to nobody else', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'dp-1', capacity: 3, live: 3 });
      const owns = nodeId('dp-1');
      for (const device of deviceIds(3)) {
        const answer = await registry.assignments.reserve(reservation(device, [['dp-1']], { owns }));
        expect(answer).toEqual({ kind: 'reserved', primary: 'dp-1', backups: [], connectAfterMs: 0 });
      }
      expect(await registry.assignments.reserve(reservation(deviceId('other'), [['dp-1']]))).toEqual({ kind: 'full' });
      expect((await registry.nodes.list())[0]).toMatchObject({ live: 3, reserved: 0 });
    });

    it('offers no place that is not there any more, and its own last to a device that cannot reach it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'shrunk', capacity: 2, live: 3 }, { id: 'near', capacity: 1, live: 1 });
      await announce(registry, { id: 'far', capacity: 1 });
      const reserve = (owns: string, avoid: string[] = []) =>
        registry.assignments.reserve(
          reservation(deviceId(1), [['shrunk', 'near'], ['far']], { owns: nodeId(owns), avoid: avoid.map(nodeId) }),
        );
      expect(await reserve('near', ['near'])).toMatchObject({ primary: 'far' });
      expect(await reserve('shrunk')).toMatchObject({ primary: 'far' });
      await registry.nodes.heartbeat(nodeRecord({ id: 'far', capacity: 1, live: 1 }), arrivals([deviceId(1)]));
      expect(await reserve('near', ['near'])).toMatchObject({ primary: 'near' });
      expect(await reserve('shrunk')).toEqual({ kind: 'full' });
    });

    it('gives a suspect push server no devices until it beats again', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'dp-1' });
      const reserve = () => registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));

      await store.turn({ idleMs: patientLimits.suspectAfterMs });
      expect(await reserve()).toEqual({ kind: 'none-ready' });
      await registry.nodes.heartbeat(nodeRecord(), arrivals());
      expect(await reserve()).toMatchObject({ kind: 'reserved' });
    });

    it('names the next best as backups, across tiers, and reserves nothing there', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a', live: 1 }, { id: 'b', live: 2 }, { id: 'c', live: 3 }, { id: 'd', live: 0 });
      await announce(registry, { id: 'full', live: 100 }, { id: 'draining', status: 'draining' });
      const tiers = [
        ['c', 'full', 'b', 'a', 'draining'],
        ['d', 'a'],
      ];
      const reserve = (backups: number) => registry.assignments.reserve(reservation(deviceId(1), tiers, { backups }));

      expect(await reserve(2)).toEqual({ kind: 'reserved', primary: 'a', backups: ['b', 'c'], connectAfterMs: 0 });
      expect(await reserve(9)).toEqual({ kind: 'reserved', primary: 'a', backups: ['b', 'c', 'd'], connectAfterMs: 0 });
      expect(await reserve(0)).toEqual({ kind: 'reserved', primary: 'a', backups: [], connectAfterMs: 0 });
      expect(await reservedPlaces(registry)).toEqual({ a: 1 });
    });

    it('renews a reservation that a device holds and answers it again, though another place is better', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a' });
      const request = reservation(deviceId(1), [['a', 'b']], { backups: 1 });
      await registry.assignments.reserve({ ...request, lapseMs: soonMs });
      await announce(registry, { id: 'a', capacity: 1, live: 1 }, { id: 'b' });

      expect(await registry.assignments.reserve(request)).toEqual({
        kind: 'reserved',
        primary: 'a',
        backups: ['b'],
        connectAfterMs: 0,
      });
      // A reservation that was made later and lapses at the same time shows that the first one would have lapsed.
      await registry.assignments.reserve(reservation(deviceId(2), [['b']], { lapseMs: soonMs }));
      await eventually(async () => expect(await reservedPlaces(registry)).toEqual({ a: 1 }));
    });

    it.each([
      ['avoids it', { avoid: [nodeId('a')] }, [['a', 'b']], 'ready'],
      ['may not go there', {}, [['b']], 'ready'],
      ['finds it draining', {}, [['a', 'b']], 'draining'],
    ] as const)('gives a reservation up when the device %s', async (_, rest, tiers, status) => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a' });
      await registry.assignments.reserve(reservation(deviceId(1), [['a']]));
      await announce(registry, { id: 'a', status }, { id: 'b', live: 50 });

      const request = reservation(
        deviceId(1),
        tiers.map((tier) => [...tier]),
        'avoid' in rest ? { avoid: [...rest.avoid] } : {},
      );
      expect(await primaryOf(registry, request)).toBe('b');
      expect(await reservedPlaces(registry)).toEqual({ b: 1 });
    });

    it('gives a device its own place back where there is no other', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a', capacity: 1 });
      await registry.assignments.reserve(reservation(deviceId(1), [['a']]));

      const again = reservation(deviceId(1), [['a']], { avoid: [nodeId('a')] });
      expect(await primaryOf(registry, again)).toBe('a');
      expect(await reservedPlaces(registry)).toEqual({ a: 1 });
    });

    it('frees a place when the device does not come in time', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a', capacity: 1 });
      await registry.assignments.reserve(reservation(deviceId(1), [['a']], { lapseMs: soonMs }));
      const other = reservation(deviceId(2), [['a']]);
      expect(await registry.assignments.reserve(other)).toEqual({ kind: 'full' });

      await eventually(async () => expect(await primaryOf(registry, other)).toBe('a'));
      expect(await reservedPlaces(registry)).toEqual({ a: 1 });
    });

    it('frees thousands of places that lapse at once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'a', capacity: 2_500, acceptsPerSecond: 50_000 });
      const requests = deviceIds(2_500).map((device) => reservation(device, [['a']], { lapseMs: soonMs }));
      await Promise.all(requests.map((request) => registry.assignments.reserve(request)));
      expect(await reservedPlaces(registry)).toEqual({ a: 2_500 });

      await eventually(async () => expect(await reservedPlaces(registry)).toEqual({}));
    });

    it('spreads devices evenly when several callers reserve at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const ids = ['a', 'b', 'c', 'd'];
      await announce(one, ...ids.map((id) => ({ id, capacity: 1_000, acceptsPerSecond: 2_000 })));

      await Promise.all(
        deviceIds(2_000).map((device, index) =>
          (index % 2 ? one : other).assignments.reserve(reservation(device, [ids])),
        ),
      );
      expect(await reservedPlaces(one)).toEqual({ a: 500, b: 500, c: 500, d: 500 });
    });

    it('spreads devices by capacity', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'big', capacity: 3_000 }, { id: 'small', capacity: 1_000 });

      const requests = deviceIds(1_000).map((device) => reservation(device, [['big', 'small']]));
      await Promise.all(requests.map((request) => registry.assignments.reserve(request)));
      const { big = 0, small = 0 } = await reservedPlaces(registry);
      expect(big + small).toBe(1_000);
      expect(Math.abs(big - 3 * small)).toBeLessThanOrEqual(4);
    });

    it('gives a push server of half the weight half as many devices, and all of its capacity where there is no other', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await announce(registry, { id: 'whole', capacity: 40 }, { id: 'half', capacity: 40, weight: 50 });
      const reserve = (count: number, from: number) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            registry.assignments.reserve(reservation(deviceId(from + index), [['whole', 'half']])),
          ),
        );
      await reserve(45, 0);
      expect(await reservedPlaces(registry)).toEqual({ whole: 30, half: 15 });
      await reserve(40, 100);
      expect(await reservedPlaces(registry)).toEqual({ whole: 40, half: 40 });
    });

    it('never fills a push server above its capacity', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await announce(one, { id: 'a', capacity: 40, live: 10 }, { id: 'b', capacity: 20 });

      const answers = await Promise.all(
        deviceIds(80).map((device, index) =>
          (index % 2 ? one : other).assignments.reserve(reservation(device, [['a', 'b']])),
        ),
      );
      expect(answers.filter(({ kind }) => kind === 'reserved')).toHaveLength(50);
      expect(answers.filter(({ kind }) => kind === 'full')).toHaveLength(30);
      expect(await reservedPlaces(one)).toEqual({ a: 30, b: 20 });
    });

    it('does not send all devices to the same one of equally loaded push servers', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const ids = ['a', 'b', 'c', 'd'];
      await announce(registry, ...ids.map((id) => ({ id })));

      const primaries = new Set<unknown>();
      for (const device of deviceIds(60)) {
        primaries.add(await primaryOf(registry, reservation(device, [ids])));
        await registry.nodes.heartbeat(nodeRecord({ id: 'a' }), arrivals([device]));
      }
      expect([...primaries].sort()).toEqual(ids);
    });
  });
}

async function announce(registry: Registry, ...samples: NodeSample[]): Promise<void> {
  for (const sample of samples) await registry.nodes.register(nodeRecord(sample));
}

async function primaryOf(registry: Registry, request: ReturnType<typeof reservation>): Promise<string> {
  const reserved = await registry.assignments.reserve(request);
  return reserved.kind === 'reserved' ? reserved.primary : reserved.kind;
}

/** Push servers without reservations are left out. */
async function reservedPlaces(registry: Registry): Promise<Record<string, number>> {
  // As balancers do: time goes on only where somebody writes.
  await registry.ping();
  const nodes = await registry.nodes.list();
  return Object.fromEntries(nodes.filter((node) => node.reserved > 0).map((node) => [node.nodeId, node.reserved]));
}
