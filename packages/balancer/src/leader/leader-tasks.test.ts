import type { BootId, DeviceId, NodeId } from '@pushfleet/protocol';
import type { ListedNode } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { TestBalancer } from '../balancer.fixture.ts';
import type { LeaderTerm } from './leader.ts';
import { LivenessEvents } from './liveness-events.ts';
import { Reaper } from './reaper.ts';

const term: LeaderTerm = { token: 1, lost: new AbortController().signal };

describe('Reaper', () => {
  it('closes the sessions that a dead worker left behind, with an event each, and leaves newer ones alone', async () => {
    await using test = await TestBalancer.start();
    const { nodes, sessions, events } = test.registry;
    const [gone, stays] = [await test.startWorker('dp-1'), await test.startWorker('dp-2')];
    const lost = await gone.openSession('d-1');
    await gone.openSession('d-2');
    const arrived = ['d-1', 'd-2'].map((device) => ({ device: device as DeviceId, bootId: gone.ref.bootId }));
    await nodes.heartbeat(gone.record(), { arrived, left: [], events: [] });
    const moved = await stays.openSession('d-2');
    const from = await events.end();
    // A new worker has started in its place.
    const workers = gone.record().workers.map((worker) => ({ ...worker, bootId: 'another-life' as BootId }));
    await nodes.heartbeat(gone.record({ workers }), { arrived: [], left: [], events: [] });

    const checked: DeviceId[] = [];
    const checkSessions = (devices: readonly DeviceId[]) => void checked.push(...devices);
    const parts = { registry: test.registry, nodes: () => [], deadAfterMs: 15_000, clock: systemClock, checkSessions };
    const answers = (bootId: BootId) => bootId === gone.ref.bootId;
    await new Reaper({ ...parts, answers, logger: silentLogger }).tick(term);
    expect(await sessions.find('d-1' as DeviceId), 'while it still answers').toBeDefined();
    await new Reaper({ ...parts, answers: () => false, logger: silentLogger }).tick(term);

    expect(await sessions.find('d-1' as DeviceId)).toBeUndefined();
    expect((await sessions.find('d-2' as DeviceId))?.epoch).toBe(moved.epoch);
    expect(checked, 'links that the dead worker had not ended yet').toEqual(['d-1']);
    expect(await nodes.bootsWithDevices()).toEqual([]);
    const appended = await events.read(from, 10);
    expect(appended).toHaveLength(1);
    expect(appended).toMatchObject([
      { kind: 'device-disconnected', device: 'd-1', epoch: lost.epoch, node: 'dp-1', reason: 'nodeDead' },
    ]);
  });

  it('touches nothing of a worker that is heard again before it begins', async () => {
    await using test = await TestBalancer.start();
    const { nodes, sessions } = test.registry;
    const worker = await test.startWorker('dp-1');
    await worker.openSession('d-1');
    const held = { device: 'd-1' as DeviceId, bootId: worker.ref.bootId };
    await nodes.heartbeat(worker.record({ workers: [] }), { arrived: [held], left: [], events: [] });
    const bootsWithDevices = async () => {
      const boots = await nodes.bootsWithDevices();
      expect(boots).toEqual([held.bootId]);
      expect(await nodes.heartbeat(worker.record(), { arrived: [], left: [], events: [] })).toMatchObject({
        verdict: 'ok',
      });
      return boots;
    };
    const late = new Proxy(nodes, {
      get: (_, key) => (key === 'bootsWithDevices' ? bootsWithDevices : Reflect.get(nodes, key).bind(nodes)),
    });
    const checkSessions = () => {};
    const parts = { nodes: () => [], answers: () => false, deadAfterMs: 15_000, clock: systemClock, checkSessions };
    await new Reaper({ ...parts, registry: { ...test.registry, nodes: late }, logger: silentLogger }).tick(term);

    expect((await sessions.find(held.device))?.bootId).toBe(held.bootId);
    expect(await nodes.heldDevices(held.bootId, 10)).toEqual([held.device]);
    expect(await nodes.heartbeat(worker.record(), { arrived: [], left: [], events: [] })).toMatchObject({
      verdict: 'ok',
    });
  });

  it('takes out push servers that have been silent for ten times what makes them dead', async () => {
    await using test = await TestBalancer.start();
    const worker = await test.startWorker('dp-1');
    const listed = (await test.registry.nodes.list())[0] as ListedNode;
    let seen: ListedNode = { ...listed, liveness: 'dead', silentMs: 150_000 };
    const checkSessions = () => {};
    const limits = { deadAfterMs: 15_000, clock: systemClock };
    const parts = { registry: test.registry, nodes: () => [seen], ...limits, checkSessions };
    let isAnswering = true;
    const reaper = new Reaper({ ...parts, answers: () => isAnswering, logger: silentLogger });
    await reaper.tick(term);
    expect(await test.node(worker.ref.nodeId)).toBeDefined();
    seen = { ...seen, silentMs: 150_001 };
    await reaper.tick(term);
    expect(await test.node(worker.ref.nodeId), 'while a worker of it answers').toBeDefined();
    isAnswering = false;
    await reaper.tick(term);
    expect(await test.node(worker.ref.nodeId)).toBeUndefined();
  });
});

describe('LivenessEvents', () => {
  const seen = (liveness: ListedNode['liveness'], silentMs: number) =>
    ({ nodeId: 'dp-1' as NodeId, liveness, silentMs }) as ListedNode;

  function create() {
    const reported: string[] = [];
    const state = { nodes: [seen('alive', 0)], fails: false };
    const append = async (events: readonly { kind: string }[]) => {
      if (state.fails) throw new Error('no answer');
      reported.push(...events.map(({ kind }) => kind));
    };
    const watch = new LivenessEvents({
      events: { append },
      nodes: () => state.nodes,
      deadAfterMs: 15_000,
      clock: systemClock,
    });
    return { reported, state, watch };
  }

  it('reports each change once', async () => {
    const { reported, state, watch } = create();
    for (const [liveness, silentMs] of [
      ['alive', 100],
      ['suspect', 5_100],
      ['suspect', 6_100],
      ['dead', 15_100],
      ['dead', 16_100],
      ['alive', 0],
      ['suspect', 5_000],
    ] as const) {
      state.nodes = [seen(liveness, silentMs)];
      await watch.tick(term);
    }
    expect(reported).toEqual(['node-suspect', 'node-dead', 'node-suspect']);
  });

  it('reports again what could not be written', async () => {
    const { reported, state, watch } = create();
    await watch.tick(term);
    state.nodes = [seen('suspect', 5_100)];
    state.fails = true;
    await expect(watch.tick(term)).rejects.toThrow();
    state.fails = false;
    await watch.tick(term);
    expect(reported).toEqual(['node-suspect']);
  });

  it('does not repeat, as a new leader, what has long happened', async () => {
    const { reported, state, watch } = create();
    state.nodes = [seen('dead', 60_000)];
    await watch.tick(term);
    expect(reported).toEqual([]);
    state.nodes = [seen('dead', 16_000)];
    await watch.tick({ ...term });
    expect(reported).toEqual(['node-dead']);
  });
});
