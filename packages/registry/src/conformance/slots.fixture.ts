import { describe, expect, it } from 'vitest';
import type { ReserveResult } from '../assignments.ts';
import type { Registry } from '../registry.ts';
import { slotLimits } from '../slots.ts';
import { arrivals, deviceId, deviceIds, type NodeSample, nodeId, nodeRecord, reservation } from './samples.fixture.ts';
import { type CreateStore, eventually } from './store.fixture.ts';

/** A rate at which slots are so far apart that a slow machine changes nothing: 0.9 s. */
const oneASecond = { capacity: 1_000, acceptsPerSecond: 1 };
const gapMs = 100_000 / slotLimits.pacePercent;

export function describeSlots(createStore: CreateStore): void {
  const announced = async (...samples: NodeSample[]) => {
    const store = await createStore();
    const registry = await store.open();
    for (const sample of samples) await registry.nodes.register(nodeRecord(sample));
    return {
      registry,
      store,
      async [Symbol.asyncDispose]() {
        await registry[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      },
    };
  };

  describe('slots', () => {
    it('follow one another a tenth faster than the push server takes devices', async () => {
      await using test = await announced({ id: 'a', ...oneASecond });
      const startedAtMs = performance.now();
      const waits: number[] = [];
      for (const device of deviceIds(10)) waits.push(await waitOf(test.registry, device, ['a']));
      const tookMs = performance.now() - startedAtMs;
      for (const [index, waitMs] of waits.entries()) {
        expect(waitMs).toBeLessThanOrEqual(index * gapMs);
        expect(waitMs).toBeGreaterThanOrEqual(index * gapMs - tookMs - slotLimits.atOnceMs);
      }
    });

    it('are no wait without a storm, whatever rate an older version does not announce', async () => {
      await using test = await announced({ id: 'a', capacity: 1_000 });
      for (const device of deviceIds(50)) expect(await waitOf(test.registry, device, ['a'])).toBe(0);
      expect(await test.registry.nodes.list()).toMatchObject([{ acceptsPerSecond: 400, overloaded: false }]);
    });

    it('stay those of the devices that ask again, and take no others from the queue', async () => {
      await using test = await announced({ id: 'a', ...oneASecond });
      const [first, second] = deviceIds(2) as [ReturnType<typeof deviceId>, ReturnType<typeof deviceId>];
      await waitOf(test.registry, first, ['a']);
      const waitMs = await waitOf(test.registry, second, ['a']);
      for (let again = 0; again < 20; again += 1) {
        expect(await waitOf(test.registry, second, ['a'])).toBeLessThanOrEqual(waitMs);
      }
      expect(await waitOf(test.registry, deviceId('next'), ['a'])).toBeLessThanOrEqual(2 * gapMs);
    });

    it('stay also those of devices that own their places, which reserve no other', async () => {
      await using test = await announced({ id: 'a', ...oneASecond, capacity: 3, live: 3 });
      const owns = nodeId('a');
      for (let again = 0; again < 20; again += 1) {
        for (const device of deviceIds(3)) {
          const answer = await test.registry.assignments.reserve(reservation(device, [['a']], { owns }));
          expect(answer).toMatchObject({ kind: 'reserved', primary: 'a' });
          expect(connectAfter(answer)).toBeLessThanOrEqual(2 * gapMs);
        }
      }
      expect(await test.registry.nodes.list()).toMatchObject([{ live: 3, reserved: 0 }]);
      // The device's session has ended meanwhile: nothing is its own any more.
      const answer = await test.registry.assignments.reserve(reservation(deviceId(1), [['a']]));
      expect(answer).toEqual({ kind: 'full' });
    });

    it('keep the reservation until the device could have come', async () => {
      await using test = await announced({ id: 'a', ...oneASecond });
      const reserve = (id: number) =>
        test.registry.assignments.reserve(reservation(deviceId(id), [['a']], { lapseMs: 1 }));
      expect(connectAfter(await reserve(1))).toBe(0);
      const waitMs = connectAfter(await reserve(2));
      await eventually(async () => {
        await test.registry.ping();
        expect((await test.registry.nodes.list())[0]?.reserved).toBe(1);
      });
      expect(waitMs).toBeGreaterThan(0);
      await eventually(async () => {
        await test.registry.ping();
        expect((await test.registry.nodes.list())[0]?.reserved).toBe(0);
      });
    });

    it('even out queues where the less loaded push server has by far the longer one', async () => {
      await using test = await announced({ id: 'slow', ...oneASecond }, { id: 'fast', capacity: 1_000 });
      const primaries: string[] = [];
      for (const device of deviceIds(40)) {
        const answer = await test.registry.assignments.reserve(reservation(device, [['slow', 'fast']]));
        if (answer.kind === 'reserved') primaries.push(answer.primary);
        expect(connectAfter(answer)).toBeLessThanOrEqual(2 * slotLimits.toleranceMs);
      }
      expect(primaries.filter((node) => node === 'slow').length).toBeLessThanOrEqual(5);
    });

    it('are not early on an overloaded push server, which comes after all others that have room', async () => {
      await using test = await announced({ id: 'a', overloaded: true }, { id: 'far', capacity: 1 });
      const reserve = (id: number, more = {}) =>
        test.registry.assignments.reserve(reservation(deviceId(id), [['a'], ['far']], { backups: 1, ...more }));
      expect(await reserve(1)).toEqual({ kind: 'reserved', primary: 'far', backups: ['a'], connectAfterMs: 0 });
      expect(await reserve(2, { onlySound: true })).toEqual({ kind: 'full' });
      const answer = await reserve(2);
      expect(answer).toMatchObject({ kind: 'reserved', primary: 'a' });
      expect(connectAfter(answer)).toBeGreaterThanOrEqual(slotLimits.overloadedMs - 1);
      await test.registry.nodes.heartbeat(nodeRecord({ id: 'a' }), arrivals());
      expect(await reserve(3, { onlySound: true })).toMatchObject({ primary: 'a' });
    });

    it('are never so far away that a ticket would not be good then', async () => {
      await using test = await announced({ id: 'a', ...oneASecond });
      const devices = deviceIds(600);
      const answers = await Promise.all(
        devices.map((device) => test.registry.assignments.reserve(reservation(device, [['a']]))),
      );
      expect(Math.max(...answers.map(connectAfter))).toBeLessThanOrEqual(slotLimits.longestMs);
    });

    it('begin anew where the push server was taken out', async () => {
      await using test = await announced({ id: 'a', ...oneASecond });
      for (const device of deviceIds(10)) await waitOf(test.registry, device, ['a']);
      await test.registry.nodes.retire(nodeId('a'), nodeRecord({ id: 'a' }).bootId);
      await test.registry.nodes.register(nodeRecord({ id: 'a', ...oneASecond }));
      expect(await waitOf(test.registry, deviceId('later'), ['a'])).toBe(0);
    });

    it('spread a storm within one in a hundred where rates are about the same', async () => {
      const ids = ['a', 'b', 'c'];
      const rates = [180, 200, 215];
      await using test = await announced(
        ...ids.map((id, index) => ({ id, capacity: 10_000, acceptsPerSecond: rates[index] ?? 0 })),
      );
      await Promise.all(
        deviceIds(3_000).map((device) => test.registry.assignments.reserve(reservation(device, [ids]))),
      );
      const reserved = (await test.registry.nodes.list()).map((node) => node.reserved);
      expect(Math.max(...reserved)).toBeLessThanOrEqual(1.01 * 1_000);
    });
  });
}

async function waitOf(registry: Registry, device: ReturnType<typeof deviceId>, tier: string[]): Promise<number> {
  return connectAfter(await registry.assignments.reserve(reservation(device, [tier])));
}

function connectAfter(answer: ReserveResult): number {
  if (answer.kind !== 'reserved') throw new Error(`there was room, the answer was ${answer.kind}`);
  return answer.connectAfterMs;
}
