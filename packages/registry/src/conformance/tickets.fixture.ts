import type { Epoch } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { Fleet, VoidedTickets } from '../fleet.ts';
import type { Registry } from '../registry.ts';
import { by, device, deviceId, deviceIds, groupPath, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const id = deviceId(1);
const at = workerRef('dp-1', 'boot-1');

export function describeTickets(createStore: CreateStore): void {
  describe('tickets', () => {
    const withDevice = async (body: (registry: Registry, generation: number) => Promise<void>) => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ', 'secret 1'));
      await body(registry, await generationOf(registry));
    };
    const open = (registry: Registry, generation: number) => registry.sessions.open(id, at, by('mqtt', generation));

    const voiding: [string, (fleet: Fleet) => Promise<VoidedTickets | undefined>][] = [
      ['another secret', (fleet) => fleet.putDevice(device(1, 'HQ', 'secret 2'))],
      [
        'another secret, among many devices',
        async (fleet) => (await putAll(fleet, [device(2, 'HQ'), device(1, 'HQ', 'secret 2')]))[0],
      ],
      ['a deletion', async (fleet) => (await fleet.deleteDevice(id)).voided],
      ['being voided', (fleet) => fleet.voidTickets(id)],
    ];
    it.each(voiding)('are void with %s, and the session ends in the same step', async (_, change) => {
      await withDevice(async (registry, generation) => {
        const opened = await open(registry, generation);
        const session = await registry.sessions.find(id);
        expect(opened).toMatchObject({ epoch: session?.epoch });

        expect(await change(registry.fleet)).toEqual({ device: id, generation: expect.any(Number), session });
        expect(await registry.sessions.find(id)).toBeUndefined();
        expect(await open(registry, generation)).toBe('void');
        expect(await registry.sessions.assert(id, session?.epoch as Epoch, at, by('mqtt', generation))).toBe('void');
        expect(await registry.sessions.find(id)).toBeUndefined();

        // Whatever it is now, a ticket of now is good.
        await registry.fleet.putDevice(device(1, 'HQ', 'secret 3'));
        expect(await open(registry, generation)).toBe('void');
        expect(await open(registry, await generationOf(registry))).toMatchObject({ previous: undefined });
      });
    });

    it.each(voiding)('are void with %s also where nobody is connected', async (_, change) => {
      await withDevice(async (registry, generation) => {
        const voided = await change(registry.fleet);
        expect(voided).toEqual({ device: id, generation: expect.any(Number), session: undefined });
        expect(await open(registry, generation)).toBe('void');
        expect(voided?.generation).toBeGreaterThan(generation);
        expect(await open(registry, (voided?.generation ?? 0) - 1)).toBe('void');
        expect(await open(registry, voided?.generation ?? 0)).not.toBe('void');
      });
    });

    it.each(voiding)('are void with %s for a session that was reaped, too', async (_, change) => {
      await withDevice(async (registry, generation) => {
        const { epoch } = await openSession(registry, id, at, 'mqtt');
        await registry.sessions.reap(id, at.bootId);
        expect(await change(registry.fleet)).toMatchObject({ session: undefined });
        expect(await registry.sessions.assert(id, epoch, at, by('mqtt', generation))).toBe('void');
      });
    });

    it('stay good with whatever else changes', async () => {
      await withDevice(async (registry, generation) => {
        const { epoch } = await openSession(registry, id, at, 'mqtt');
        const more = { labels: { os: 'linux' }, linkKinds: ['mqtt' as const] };
        expect(await registry.fleet.putDevice(device(1, 'Branch', 'secret 1', more))).toBeUndefined();
        await registry.fleet.moveDevice(id, groupPath('HQ'));
        expect(await registry.sessions.find(id)).toMatchObject({ epoch });
        expect(await generationOf(registry)).toBe(generation);
        expect(await open(registry, generation)).toMatchObject({ previous: { epoch } });
      });
    });

    it('are those of one device: others keep theirs', async () => {
      await withDevice(async (registry) => {
        await registry.fleet.putDevice(device(2, 'HQ'));
        const other = await openSession(registry, deviceId(2), at, 'mqtt');
        await registry.fleet.voidTickets(id);
        await registry.fleet.deleteDevice(id);
        expect(await registry.sessions.find(deviceId(2))).toMatchObject({ epoch: other.epoch });
      });
    });

    it('of a device that is not there cannot be voided, those of a deleted one stay void', async () => {
      await withDevice(async (registry, generation) => {
        expect(await registry.fleet.voidTickets(deviceId(2))).toBeUndefined();
        expect(await registry.fleet.deleteDevice(id)).toMatchObject({ absent: false, voided: { device: id } });
        expect(await registry.fleet.deleteDevice(id)).toMatchObject({ absent: true, voided: { device: id } });
        expect(await registry.fleet.voidTickets(id)).toBeUndefined();
        expect(await open(registry, generation)).toBe('void');
      });
    });

    it('that name no generation are good only where none is known', async () => {
      await withDevice(async (registry) => {
        expect(await open(registry, 0)).toBe('void');
        expect(await registry.sessions.open(deviceId(2), at, by('mqtt', 0))).toMatchObject({ previous: undefined });
      });
    });

    it('void no session while the registry has lost its devices, or is given them anew', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ', 'secret 1'));
      const generation = await generationOf(registry);
      const { epoch } = await openSession(registry, id, at, 'mqtt');
      await store.wipe();

      const assert = () => registry.sessions.assert(id, epoch, at, by('mqtt', generation));
      expect(await assert()).toBe('ok');
      expect(await registry.fleet.putDevice(device(1, 'HQ', 'hashed anew'))).toBeUndefined();
      expect(await assert()).toBe('ok');
      expect(await registry.sessions.find(id)).toMatchObject({ epoch });
    });

    it('and sessions are good when the registry has lost the device and is given it before the session is asserted', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ'));
      const generation = await generationOf(registry);
      const { epoch } = await openSession(registry, id, at, 'mqtt');
      await store.wipe();

      expect(await registry.fleet.putDevice(device(1, 'HQ'))).toBeUndefined();
      expect(await generationOf(registry)).toBeGreaterThanOrEqual(generation);
      expect(await registry.sessions.assert(id, epoch, at, by('mqtt', generation))).toBe('ok');
      expect(await registry.sessions.open(id, at, by('grpc', generation))).toMatchObject({ previous: { epoch } });
      await registry.fleet.voidTickets(id);
      expect(await open(registry, generation)).toBe('void');
    });

    it('let nobody in once they are void, however many try at that moment', async () => {
      await using store = await createStore();
      const registries = [await store.open(), await store.open()] as const;
      const [one] = registries;
      await one.fleet.putDevice(device(1, 'HQ', 'secret 1'));
      for (let round = 0; round < 10; round += 1) {
        const generation = await generationOf(one);
        const tries = Array.from({ length: 20 }, (_, index) =>
          index === 10 ? one.fleet.voidTickets(id) : open(registries[index % 2] as Registry, generation),
        );
        const answers = await Promise.all(tries);
        expect(await one.sessions.find(id)).toBeUndefined();
        // Whoever was let in last was ended by it.
        const last = Math.max(
          0,
          ...answers.map((answer) => (answer && 'epoch' in Object(answer) ? Object(answer).epoch : 0)),
        );
        const { session } = answers[10] as VoidedTickets;
        expect(session?.epoch ?? 0).toBe(last);
      }
      for (const registry of registries) await registry[Symbol.asyncDispose]();
    });

    it('of many devices are void together', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const devices = deviceIds(300);
      await putAll(
        registry.fleet,
        devices.map((_, index) => device(index, 'HQ', 'secret 1')),
      );
      const linked = devices.slice(0, 200);
      await Promise.all(linked.map((one) => openSession(registry, one, at, 'mqtt')));
      const changed = devices.map((_, index) => device(index, 'HQ', index < 100 ? 'secret 1' : 'secret 2'));
      const voided = await putAll(registry.fleet, changed);
      expect(voided.map((one) => one.device).sort()).toEqual(devices.slice(100).sort());
      expect(voided.filter(({ session }) => session)).toHaveLength(100);
      expect((await registry.sessions.findMany(devices)).size).toBe(100);
    });
  });
}

async function generationOf({ fleet }: Registry): Promise<number> {
  const { generation = Number.NaN } = (await fleet.getDevice(id)) ?? {};
  expect(generation).toBeGreaterThan(0);
  return generation;
}

async function putAll(fleet: Fleet, devices: Parameters<Fleet['putDevices']>[0]): Promise<VoidedTickets[]> {
  const all: VoidedTickets[] = [];
  await fleet.putDevices(devices, (voided) => void all.push(...voided));
  return all;
}
