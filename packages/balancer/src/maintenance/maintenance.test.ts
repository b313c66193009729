import type { admin } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, TestBalancer, withToken } from '../balancer.fixture.ts';
import type { FakeWorker } from '../worker.fixture.ts';

async function twoServers(test: TestBalancer): Promise<[FakeWorker, FakeWorker]> {
  await test.putFleet('HQ', 'dp-1');
  await test.putFleet('HQ', 'dp-2');
  return [await test.startWorker('dp-1'), await test.startWorker('dp-2')];
}

/** A record of a worker that holds so many links. */
function holding(worker: FakeWorker, live: number) {
  return { workers: worker.record().workers.map((one) => ({ ...one, live })) };
}

function clientOf(test: TestBalancer) {
  const client = test.maintenance();
  const metadata = withToken();
  return {
    drain: (request: admin.DrainNodeRequestInit) =>
      call<admin.DrainNodeResponse>((done) => client.drainNode(request, metadata, done)),
    undrain: (nodeId: string) =>
      call<admin.UndrainNodeResponse>((done) => client.undrainNode({ nodeId }, metadata, done)),
    restart: (nodeId: string) =>
      call<admin.RestartNodeResponse>((done) => client.restartNode({ nodeId }, metadata, done)),
    get: (nodeId: string) =>
      call<admin.GetMaintenanceResponse>((done) => client.getMaintenance({ nodeId }, metadata, done)),
    plan: () => call<admin.PlanRebalanceResponse>((done) => client.planRebalance({}, metadata, done)),
    start: () => call<admin.StartRebalanceResponse>((done) => client.startRebalance({}, metadata, done)),
    rebalance: () => call<admin.GetRebalanceResponse>((done) => client.getRebalance({}, metadata, done)),
    abort: () => call<admin.AbortRebalanceResponse>((done) => client.abortRebalance({}, metadata, done)),
  };
}

describe('MaintenanceService', () => {
  it('orders a drain, answers the one that is under way, and ends it', async () => {
    await using test = await TestBalancer.start();
    await test.startWorker('dp-1');
    const client = clientOf(test);
    const { maintenance } = await client.drain({ nodeId: 'dp-1', devicesPerSecond: 7 });
    expect(maintenance).toMatchObject({ kind: 'MAINTENANCE_KIND_DRAIN', phase: 'MAINTENANCE_PHASE_REQUESTED' });
    expect(await test.registry.maintenance.get('dp-1' as never)).toMatchObject({
      ratePerSecond: 7,
      deadlineMs: 300_000,
    });
    const again = await client.restart('dp-1');
    expect(again.maintenance?.maintenanceId).toBe(maintenance?.maintenanceId);
    expect((await client.get('dp-1')).maintenance).toEqual(maintenance);
    await client.undrain('dp-1');
    await client.undrain('dp-1');
    const none = {
      nodeId: 'dp-1',
      maintenanceId: '',
      kind: 'MAINTENANCE_KIND_UNSPECIFIED',
      phase: 'MAINTENANCE_PHASE_NONE',
    };
    expect((await client.get('dp-1')).maintenance).toMatchObject({ ...none, startedAtMs: 0, endedAtMs: 0 });
    await expect(client.get('dp-9')).rejects.toThrow('there is no push server "dp-9"');
  });

  it('names what is wrong', async () => {
    await using test = await TestBalancer.start();
    const client = clientOf(test);
    await expect(client.drain({ nodeId: 'dp-9' })).rejects.toThrow('there is no push server "dp-9"');
    await expect(client.drain({ nodeId: 'a b' })).rejects.toThrow('node_id: must be');
    await expect(client.drain({ nodeId: 'dp-9', devicesPerSecond: 10_001 })).rejects.toThrow(
      'devices_per_second: must be',
    );
    await expect(client.drain({ nodeId: 'dp-9', deadlineMs: 90_000_000 })).rejects.toThrow('deadline: must be');
    await expect(client.drain({ nodeId: 'dp-9', deadlineMs: -1 })).rejects.toThrow('deadline: must be');
  });

  it('plans without moving anything, then moves only what is too much, as fast as it may', async () => {
    await using test = await TestBalancer.start({ rebalanceRate: 20 });
    const client = clientOf(test);
    const [full, empty] = await twoServers(test);
    await full.beat(holding(full, 60));
    await test.finds('dp-1', 'dp-2');
    const move = { fromNodeId: 'dp-1', toNodeId: 'dp-2', devices: 30, redirected: 0 };
    expect(await client.plan()).toEqual({ moves: [move], largestToMean: 2 });
    expect(full.orders).toEqual([]);
    expect(await client.rebalance()).toEqual({ rebalance: null });

    const { rebalance } = await client.start();
    expect(rebalance).toMatchObject({ state: 'REBALANCE_STATE_RUNNING', cause: 'REBALANCE_CAUSE_ASKED' });
    await vi.waitUntil(() => full.orders.length === 2, { timeout: 5_000 });
    expect(full.orders.map(({ deviceCount, ratePerSecond }) => [deviceCount, ratePerSecond])).toEqual([
      [20, 20],
      [10, 10],
    ]);
    expect(full.orders[0]?.target).toMatchObject({ nodeId: 'dp-2', address: 'dp-2.example', port: 13_295 });
    await full.beat(holding(full, 30));
    await empty.beat(holding(empty, 30));
    const ended = await vi.waitUntil(
      async () => {
        const now = (await client.rebalance()).rebalance;
        return now?.state === 'REBALANCE_STATE_DONE' && now;
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(ended).toMatchObject({ rebalanceId: rebalance?.rebalanceId, moves: [{ ...move, redirected: 30 }] });
    expect(ended.endedAtMs).toBeGreaterThan(0);
  }, 30_000);

  it('starts by itself when a push server joins, and stops giving orders when it is told to', async () => {
    await using test = await TestBalancer.start({ rebalance: true, rebalanceRate: 5 });
    const client = clientOf(test);
    await test.putFleet('HQ', 'dp-1');
    await test.putFleet('HQ', 'dp-2');
    const full = await test.startWorker('dp-1');
    await full.beat(holding(full, 60));
    await test.finds('dp-1');
    // The leader has seen it alone.
    await test.registryCalls('rebalances.requests', 2);
    await test.startWorker('dp-2');
    const beats = setInterval(() => void full.beat(holding(full, 60)), 1_000);
    try {
      await vi.waitUntil(() => full.orders.length > 1, { timeout: 10_000 });
      expect((await client.rebalance()).rebalance?.cause).toBe('REBALANCE_CAUSE_NODE_JOINED');
      const { rebalance } = await client.abort();
      expect(rebalance?.state).toBe('REBALANCE_STATE_ABORTED');
      const given = full.orders.length;
      // The leader has had occasion to give more.
      await test.registryCalls('rebalances.requests', 3);
      expect(full.orders.length).toBe(given);
    } finally {
      clearInterval(beats);
    }
  }, 30_000);

  it('is gone on with by another balancer, which does not repeat what was done', async () => {
    await using test = await TestBalancer.start();
    const [full, empty] = await twoServers(test);
    await full.beat(holding(full, 60));
    await vi.waitUntil(() => full.channels > 0, { timeout: 5_000 });
    await empty.beat(holding(empty, 20));
    // Of a leader that is gone: it had told 20 of 30.
    const moves = [{ from: full.ref.nodeId, to: empty.ref.nodeId, devices: 30, redirected: 20 }];
    await test.registry.rebalances.put({ id: 'r-1', state: 'running', cause: 'spread', moves, startedAtMs: 5 }, 1);
    await test.balancer[Symbol.asyncDispose]();
    await using next = await TestBalancer.start({ registry: test.registry });
    await vi.waitUntil(() => full.orders.length > 0, { timeout: 10_000 });
    expect(full.orders.map(({ deviceCount }) => deviceCount)).toEqual([20]);
    expect((await clientOf(next).rebalance()).rebalance).toMatchObject({ rebalanceId: 'r-1', startedAtMs: 5 });
  }, 30_000);
});
