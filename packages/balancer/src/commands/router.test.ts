import type { BootId, DeviceId, Epoch, NodeId, WorkerId } from '@pushfleet/protocol';
import type { SessionRef, Sessions } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { Router, SessionLookup } from './router.ts';

const worker = { nodeId: 'dp-1' as NodeId, workerId: 'w0' as WorkerId, bootId: 'b1' as BootId };
const laptop = 'laptop' as DeviceId;
const session = (epoch: number): SessionRef => ({ ...worker, epoch: epoch as Epoch, link: 'mqtt', openedAtMs: 0 });

/** A world of one worker, whose channel and sessions a test changes. */
function world() {
  const state = { accepts: true, closed: false, worker, open: true, lookups: 0 };
  const sessions = new Map<string, SessionRef>([[laptop, session(7)]]);
  const router = new Router({
    findSession: async (device) => {
      state.lookups += 1;
      return sessions.get(device);
    },
    findChannel: async () => (state.open ? state : undefined),
  });
  return { router, state, sessions };
}

it('finds a route in the registry once and in the cache from then on', async () => {
  const { router, state } = world();
  expect(router.cached(laptop)).toBeUndefined();
  const found = await router.find(laptop);
  expect(found).toMatchObject({ kind: 'route', route: { epoch: 7 } });
  expect(router.cached(laptop)).toMatchObject({ epoch: 7 });
  expect(state.lookups).toBe(1);
});

it('takes a session for void when its worker is in no directory', async () => {
  const { router, state } = world();
  state.open = false;
  expect(await router.find(laptop)).toEqual({ kind: 'absent' });
});

it('does not hand out a route to a worker that is gone or broken', async () => {
  const { router, state } = world();
  await router.find(laptop);
  state.accepts = false;
  expect(router.cached(laptop)).toBeUndefined();
  expect(await router.find(laptop)).toEqual({ kind: 'unreachable', nodeId: 'dp-1' });
});

it('does not find the route again that has just failed, but finds a newer session', async () => {
  const { router, state, sessions } = world();
  const failed = { channel: state, epoch: 7 as Epoch };
  expect(await router.find(laptop, failed)).toEqual({ kind: 'absent' });
  sessions.set(laptop, session(8));
  expect(await router.find(laptop, failed)).toMatchObject({ route: { epoch: 8 } });
});

it('forgets a route, unless a newer one has taken its place', async () => {
  const { router, state } = world();
  await router.find(laptop);
  router.forget(laptop, { channel: state, epoch: 6 as Epoch });
  expect(router.cached(laptop)).toBeDefined();
  router.forget(laptop, { channel: state, epoch: 7 as Epoch });
  expect(router.cached(laptop)).toBeUndefined();
});

it('keeps a bounded number of routes, those used last', async () => {
  const { router, sessions } = world();
  const ids = Array.from({ length: 100_001 }, (_, index) => `d${index}` as DeviceId);
  for (const [index, id] of ids.entries()) sessions.set(id, session(index));
  for (const id of ids.slice(0, 100_000)) await router.find(id);
  router.cached('d0' as DeviceId);
  await router.find('d100000' as DeviceId);
  expect(router.cached('d0' as DeviceId)).toBeDefined();
  expect(router.cached('d1' as DeviceId)).toBeUndefined();
});

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
