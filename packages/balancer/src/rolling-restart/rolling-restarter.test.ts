import { parseNodeId } from '@pushfleet/protocol';
import type { RebalanceRecord } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { TestCluster } from './cluster.fixture.ts';

const dp1 = parseNodeId('dp-1');
const dp2 = parseNodeId('dp-2');

describe('a rolling restart', () => {
  it('restarts one push server after the other, and is done when the last one is ready and the load is even', async () => {
    const cluster = await TestCluster.create(30, 30);
    await cluster.begin();
    await cluster.look();
    expect(await cluster.states()).toEqual(['draining', 'waiting']);
    expect(await cluster.registry.maintenance.get(dp1)).toMatchObject({
      kind: 'restart',
      ratePerSecond: 50,
      deadlineMs: 300_000,
    });
    await cluster.report('dp-1', 'moving', { moved: 10, remaining: 20 });
    expect((await cluster.look()).steps[0]).toMatchObject({ state: 'draining', moved: 10, remaining: 20 });
    await cluster.report('dp-1', 'restarting', { moved: 30, remaining: 0 });
    await cluster.look();
    expect(await cluster.states()).toEqual(['restarting', 'waiting']);

    // It says that it is done; what is listed is still from before, when it was ready.
    await cluster.report('dp-1', 'done');
    await cluster.look();
    expect(await cluster.states()).toEqual(['starting', 'waiting']);
    await cluster.restart('dp-1');
    cluster.put('dp-2', 60);
    await cluster.look();
    expect(await cluster.states()).toEqual(['ready', 'draining']);
    await cluster.restart('dp-2');
    cluster.put('dp-1', 60, cluster.nodes.get(dp1));
    await cluster.look();
    expect(await cluster.states()).toEqual(['ready', 'ready']);
  });

  it('evens out the load at the end, three times at most', async () => {
    const cluster = await TestCluster.create(30, 0);
    const { rebalances } = cluster.registry;
    await cluster.begin();
    for (const id of ['dp-1', 'dp-2']) {
      await cluster.look();
      await cluster.restart(id);
    }
    cluster.put('dp-1', 30, { workers: cluster.nodes.get(dp1)?.workers ?? [] });
    for (let round = 1; round <= 3; round += 1) {
      expect(await cluster.look(3)).toMatchObject({ state: 'rebalancing', rebalances: round });
      expect(await rebalances.requests()).toMatchObject({ start: true });
      await rebalances.put(rebalance(`r-${round}`, 'running'), 1);
      expect(await cluster.look(3)).toMatchObject({ state: 'rebalancing', rebalances: round });
      await rebalances.put(rebalance(`r-${round}`, 'done'), 1);
    }
    const done = await cluster.look();
    expect(done).toMatchObject({ state: 'done', rebalances: 3, endedAtMs: cluster.clock.wallMs() });
    expect(await rebalances.requests()).toMatchObject({ start: false });
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'survives the death of its leader after %i looks: no push server restarts twice',
    async (at) => {
      const cluster = await TestCluster.create(10, 10);
      await cluster.begin();
      const orders = new Set<string>();
      for (let look = 0; look < 12; look += 1) {
        if (look === at) cluster.changeLeader();
        await cluster.look();
        for (const id of [dp1, dp2]) {
          const order = await cluster.registry.maintenance.get(id);
          if (!order) continue;
          orders.add(`${id} ${order.id}`);
          if (order.phase === 'requested') await cluster.report(id, 'restarting');
          else if (order.phase === 'restarting') await cluster.restart(id);
        }
      }
      expect(orders.size).toBe(2);
      expect(await cluster.view()).toMatchObject({ state: 'done', steps: [{ state: 'ready' }, { state: 'ready' }] });
    },
  );

  it('is not carried on by a balancer that leads no longer', async () => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin();
    const { rollingRestarts } = cluster.registry;
    const before = await cluster.view();
    await rollingRestarts.advance(before, 7);
    await cluster.look(3);
    expect(await cluster.states()).toEqual(['waiting', 'waiting']);
    expect(await cluster.registry.maintenance.get(dp1)).toBeUndefined();
  });

  it('asks for the same restart again where a leader died before it had written that it has asked', async () => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin();
    const { steps, ...rest } = await cluster.view();
    const [first, second] = steps;
    if (!first || !second) throw new Error('there are two steps');
    const chosen = { ...first, state: 'chosen' as const, maintenanceId: 'm-1', workersBefore: [] };
    await cluster.registry.rollingRestarts.advance({ ...rest, steps: [chosen, second] }, 1);
    await cluster.registry.maintenance.request(dp1, { kind: 'restart', ratePerSecond: 1, deadlineMs: 1 }, 'm-1');
    await cluster.restart('dp-1');
    await cluster.look(2);
    expect(await cluster.states()).toEqual(['ready', 'draining']);
    expect(await cluster.registry.maintenance.get(dp1)).toMatchObject({ id: 'm-1', phase: 'done' });
  });
});

describe('a rolling restart stops, and leaves the push servers after it alone, where one', () => {
  const begun = async (deadlineMs = 20_000) => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin({ deadlineMs });
    await cluster.look();
    return cluster;
  };
  const failed = (reason: string) => ({ state: 'failed', reason, steps: [{ state: 'failed' }, { state: 'waiting' }] });

  it('does not take its order up in time', async () => {
    const cluster = await begun();
    expect(await cluster.look(75)).toMatchObject({ state: 'running' });
    expect(await cluster.look(10)).toMatchObject(
      failed('dp-1 has not restarted within 80 s: it has not taken the order up'),
    );
    expect(await cluster.registry.maintenance.get(dp2)).toBeUndefined();
  });

  it('cannot replace its workers in time', async () => {
    const cluster = await begun();
    await cluster.report('dp-1', 'restarting');
    expect(await cluster.look(55)).toMatchObject({ state: 'running' });
    expect(await cluster.look(10)).toMatchObject(
      failed('dp-1 has not restarted within 60 s: its workers have not been replaced'),
    );
  });

  it('dies meanwhile', async () => {
    const cluster = await begun();
    cluster.put('dp-1', 10, { liveness: 'suspect', status: 'draining' });
    expect(await cluster.look(20)).toMatchObject({ state: 'running' });
    cluster.put('dp-1', 10, { liveness: 'dead', status: 'draining' });
    expect(await cluster.look()).toMatchObject({ state: 'running' });
    expect(await cluster.look(10)).toMatchObject(failed('dp-1 has not restarted: dead'));
  });

  it('is out of reach afterwards', async () => {
    const cluster = await begun();
    const problem = { kind: 'certificate-expired', detail: 'it expired', impairs: true } as const;
    await cluster.restart('dp-1', { status: 'unreachable', problem });
    const reason = 'dp-1 does not work after its restart: unreachable, certificate expired: it expired';
    expect(await cluster.look(10)).toMatchObject(failed(reason));
  });

  it('is not ready in time afterwards', async () => {
    const cluster = await begun();
    await cluster.restart('dp-1', { status: 'starting' });
    expect(await cluster.look(55)).toMatchObject({ state: 'running' });
    expect(await cluster.look(10)).toMatchObject(failed('dp-1 does not work after its restart: starting'));
  });

  it('is told something else by an administrator', async () => {
    const cluster = await begun();
    await cluster.registry.maintenance.cancel(dp1);
    expect(await cluster.look(10)).toMatchObject(failed('dp-1 has not restarted: somebody has ended its restart'));
  });

  it('has nowhere for its devices to go when its turn comes', async () => {
    const cluster = await begun();
    await cluster.restart('dp-1', { status: 'ready', capacity: 5 });
    cluster.put('dp-2', 10);
    expect(await cluster.look(55)).toMatchObject({
      state: 'running',
      steps: [{ state: 'ready' }, { state: 'waiting' }],
    });
    const reason = 'dp-2 cannot be restarted: the others have room for 5 of its 10 devices';
    expect(await cluster.look(10)).toMatchObject({ state: 'failed', reason });
    expect(await cluster.registry.maintenance.get(dp2)).toBeUndefined();
  });
});

describe('a rolling restart', () => {
  it('judges nobody by time in which nothing could be seen', async () => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin({ deadlineMs: 20_000 });
    await cluster.look();
    await cluster.clock.turn(600_000);
    expect(await cluster.look()).toMatchObject({ state: 'running' });
    cluster.changeLeader();
    expect(await cluster.look(79)).toMatchObject({ state: 'running' });
  });

  it('lets the one whose turn it is end well when it is paused, and goes on when it is told to', async () => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin();
    await cluster.look();
    const paused = await cluster.requests.setDesiredState('paused');
    expect(paused).toMatchObject({ rollingRestart: { state: 'ROLLING_RESTART_STATE_PAUSED' } });
    await cluster.restart('dp-1');
    await cluster.look(5);
    expect(await cluster.states()).toEqual(['ready', 'waiting']);
    const resumed = await cluster.requests.setDesiredState('running');
    expect(resumed).toMatchObject({ rollingRestart: { state: 'ROLLING_RESTART_STATE_RUNNING' } });
    await cluster.look();
    expect(await cluster.states()).toEqual(['ready', 'draining']);
  });

  it('ends when it is cancelled, once the one whose turn it is works', async () => {
    const cluster = await TestCluster.create(10, 10);
    await cluster.begin();
    await cluster.look();
    const asked = await cluster.requests.setDesiredState('cancelled');
    expect(asked).toMatchObject({ rollingRestart: { state: 'ROLLING_RESTART_STATE_CANCELLING' } });
    await cluster.look(3);
    expect((await cluster.view()).endedAtMs).toBeUndefined();
    await cluster.restart('dp-1');
    const ended = { state: 'cancelled', steps: [{ state: 'ready' }, { state: 'waiting' }] };
    expect(await cluster.look()).toMatchObject(ended);
    expect(await cluster.requests.get()).toMatchObject({
      rollingRestart: { state: 'ROLLING_RESTART_STATE_CANCELLED' },
    });
    expect(await cluster.registry.maintenance.get(dp2)).toBeUndefined();
  });

  it('passes over a push server that was drained or disabled before its turn', async () => {
    const cluster = await TestCluster.create(10, 10, 10, 10);
    await cluster.begin();
    await cluster.look();
    cluster.put('dp-2', 0, { status: 'draining' });
    cluster.put('dp-3', 0, { status: 'disabled' });
    await cluster.registry.maintenance.request(dp2, { kind: 'drain', ratePerSecond: 1, deadlineMs: 1 });
    await cluster.restart('dp-1');
    const view = await cluster.look(2);
    expect(view.steps.map(({ state, reason }) => [state, reason])).toEqual([
      ['ready', ''],
      ['left-out', 'draining'],
      ['left-out', 'disabled'],
      ['draining', ''],
    ]);
  });
});

describe('the request for a rolling restart', () => {
  it('is refused while one is under way, and taken again after that', async () => {
    const cluster = await TestCluster.create(10, 10);
    const begun = await cluster.begin();
    expect(begun.rollingRestart).toMatchObject({
      state: 'ROLLING_RESTART_STATE_RUNNING',
      steps: [{ devices: 10 }, { devices: 20 }],
    });
    await expect(cluster.begin()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await cluster.requests.setDesiredState('cancelled');
    await cluster.look();
    await cluster.begin();
  });

  it('is refused where devices would have nowhere to go, unless that is accepted', async () => {
    const cluster = await TestCluster.create(90, 90);
    const obstacle = 'dp-1: the others have room for 10 of its 90 devices';
    expect(await cluster.requests.plan()).toMatchObject({ obstacle, steps: [{ devices: 90, room: 10 }, {}] });
    await expect(cluster.begin()).rejects.toMatchObject({ code: 'WOULD_DISCONNECT', message: obstacle });
    await cluster.begin({ ignoreCapacity: true });
    await cluster.look();
    expect(await cluster.states()).toEqual(['draining', 'waiting']);
    await cluster.restart('dp-1');
    cluster.put('dp-2', 100);
    await cluster.look();
    expect(await cluster.states()).toEqual(['ready', 'draining']);
  });

  it('is refused for one push server alone, whatever is accepted', async () => {
    const cluster = await TestCluster.create(0);
    await expect(cluster.begin({ ignoreCapacity: true })).rejects.toMatchObject({ code: 'WOULD_DISCONNECT' });
    expect(await cluster.requests.get()).toEqual({});
    expect(await cluster.requests.setDesiredState('paused')).toEqual({});
  });
});

function rebalance(id: string, state: RebalanceRecord['state']): RebalanceRecord {
  return { id, state, cause: 'asked', moves: [], startedAtMs: 1 };
}
