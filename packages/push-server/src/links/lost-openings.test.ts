import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Epoch,
  PushfleetError,
  parseBootId,
  parseDeviceId,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { type OpenedSession, openRegistry, type Sessions, type WorkerRef } from '@pushfleet/registry';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { LostOpenings } from './lost-openings.ts';

const d1 = parseDeviceId('d1');
const [here, there] = [workerOn('dp-1'), workerOn('dp-2')];

// Simulation, seed 13204 on Redis: a push server without a registry gives up the question of a device, which comes to another one.
it('closes the session that no link has, and ends the link whose session it took over', async () => {
  await using world = await createWorld();
  await world.open(there);
  const { epoch } = await world.open(here);
  world.lost.add(d1, here.bootId);
  await world.clock.turn(1_000);
  await vi.waitFor(async () => expect(await world.sessions.find(d1)).toBeUndefined());
  expect(world.evicted).toEqual([{ epoch: epoch - 1, nodes: ['dp-2'], found: epoch }]);
});

it('asks until the registry answers', async () => {
  await using world = await createWorld();
  await world.open(here);
  world.failures = 3;
  world.lost.add(d1, here.bootId);
  await world.clock.turn(3_000);
  expect(world.evicted).toEqual([]);
  await world.clock.turn(1_000);
  await vi.waitFor(async () => expect(await world.sessions.find(d1)).toBeUndefined());
});

it('waits where the device is being let in meanwhile, and leaves the session of that link alone', async () => {
  await using world = await createWorld();
  await world.open(here);
  world.condition = 'opening';
  world.lost.add(d1, here.bootId);
  await world.clock.turn(3_000);
  world.condition = 'held';
  await world.clock.turn(3_000);
  expect([await world.sessions.find(d1), world.evicted]).toMatchObject([here, []]);
  expect(world.clock.pending).toBe(0);
});

it.each([there, workerOn('dp-1', 'another-life')])(
  'leaves the session of $nodeId under $bootId alone',
  async (worker) => {
    await using world = await createWorld();
    await world.open(worker);
    world.lost.add(d1, here.bootId);
    await world.clock.turn(3_000);
    expect([await world.sessions.find(d1), world.evicted]).toMatchObject([worker, []]);
  },
);

it('lets former links alone that were closed before', async () => {
  await using world = await createWorld();
  const former = await world.open(there);
  await world.sessions.close(d1, former.epoch);
  await world.open(here);
  world.lost.add(d1, here.bootId);
  await world.clock.turn(1_000);
  await vi.waitFor(async () => expect(await world.sessions.find(d1)).toBeUndefined());
  expect(world.evicted).toEqual([]);
});

describe('ends the link whose session it took over where another opening', () => {
  it('on another push server has taken over from it', async () => {
    await using world = await createWorld();
    await world.open(there);
    await world.open(here);
    const { epoch } = await world.open(workerOn('dp-3'));
    world.lost.add(d1, here.bootId);
    await world.clock.turn(1_000);
    await vi.waitFor(() => expect(world.evicted).toMatchObject([{ epoch: epoch - 1, nodes: ['dp-1', 'dp-2'] }]));
    expect(await world.sessions.find(d1)).toMatchObject({ epoch });
  });

  it('of the same worker has taken over from it, and stands', async () => {
    await using world = await createWorld();
    await world.open(there);
    await world.open(here);
    const { epoch } = await world.open(here);
    world.lost.add(d1, here.bootId);
    world.condition = 'held';
    await world.clock.turn(1_000);
    await vi.waitFor(() => expect(world.evicted).toMatchObject([{ epoch: epoch - 1, nodes: ['dp-1', 'dp-2'] }]));
    expect(await world.sessions.find(d1)).toMatchObject({ epoch });
  });

  it('has taken over from it and is over', async () => {
    await using world = await createWorld();
    await world.open(there);
    await world.open(here);
    const { epoch } = await world.open(workerOn('dp-3'));
    await world.sessions.close(d1, epoch);
    world.lost.add(d1, here.bootId);
    await world.clock.turn(1_000);
    await vi.waitFor(() => expect(world.evicted).toMatchObject([{ epoch: 0, nodes: ['dp-1', 'dp-2'] }]));
  });
});

async function createWorld() {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-lost-'));
  const limits = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };
  const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...limits });
  const { sessions } = registry;
  const clock = new ManualClock();
  const findMany: Sessions['findMany'] = async (devices) => {
    seen.failures -= 1;
    if (seen.failures >= 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
    return sessions.findMany(devices);
  };
  const seen: Seen = { failures: 0, condition: 'absent', evicted: [] };
  const world = Object.assign(seen, {
    ...{ sessions, clock },
    open: async (at: WorkerRef) => (await sessions.open(d1, at, { link: 'mqtt', generation: 0 })) as OpenedSession,
    lost: new LostOpenings({
      sessions: {
        findMany,
        history: (device) => sessions.history(device),
      },
      close: (...closing) => void sessions.close(...closing),
      clock,
      conditionOf: () => seen.condition,
      evict: async (device, epoch, nodes) => {
        seen.evicted.push({ epoch, nodes: [...nodes], found: (await sessions.find(device))?.epoch });
      },
    }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      world.lost[Symbol.dispose]();
      await registry[Symbol.asyncDispose]();
      await rm(stateDir, { recursive: true });
    },
  });
  return world;
}

interface Seen {
  /** So many questions get no answer. */
  failures: number;
  condition: 'held' | 'opening' | 'absent';
  /** `found`: the session that the registry had meanwhile. */
  evicted: { epoch: Epoch; nodes: string[]; found: Epoch | undefined }[];
}

function workerOn(node: string, boot = `boot-${node}`): WorkerRef {
  return { nodeId: parseNodeId(node), workerId: parseWorkerId('w0'), bootId: parseBootId(boot) };
}
