import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef, Sessions } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { SessionLookup } from './session-lookup.ts';

const deviceOf = (index: number) => `device-${index}` as DeviceId;
const sessionOf = (device: DeviceId) => ({ nodeId: `of-${device}` }) as unknown as SessionRef;

/** A registry that has a session of every device, and keeps which ones it was asked about together. */
function registryOf() {
  const batches: (readonly DeviceId[])[] = [];
  const findMany: Sessions['findMany'] = async (devices) => {
    batches.push(devices);
    return new Map(devices.map((device) => [device, sessionOf(device)]));
  };
  return { batches, findMany };
}

it('reads together what is asked in one turn, each device once, 500 at most', async () => {
  const registry = registryOf();
  const lookup = new SessionLookup(registry);
  const asked = Array.from({ length: 1_001 }, (_, index) => deviceOf(index < 2 ? 0 : index));
  const found = await Promise.all(asked.map((device) => lookup.find(device)));
  expect(found).toEqual(asked.map(sessionOf));
  expect(registry.batches.map(({ length }) => length)).toEqual([499, 500, 1]);
});

it('refuses one more where 200,000 are looked up in one turn, and has room again in the next', async () => {
  const registry = registryOf();
  const lookup = new SessionLookup(registry);
  const asked = Array.from({ length: 200_001 }, (_, index) => lookup.find(deviceOf(index)));
  await expect(asked.pop()).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await Promise.all(asked)).toHaveLength(200_000);
  expect(await lookup.find(deviceOf(7))).toEqual(sessionOf(deviceOf(7)));
});

it('rejects all that were read together where the registry does not answer, and none that come later', async () => {
  const registry = registryOf();
  let fails = true;
  const lookup = new SessionLookup({
    findMany: async (devices) => {
      if (fails) throw new Error('away');
      return registry.findMany(devices);
    },
  });
  const both = await Promise.allSettled([lookup.find(deviceOf(1)), lookup.find(deviceOf(2))]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await lookup.find(deviceOf(1))).toEqual(sessionOf(deviceOf(1)));
});
