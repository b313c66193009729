import type { BootId, NodeId, WorkerId } from '@pushfleet/protocol';
import type { ListedNode, WorkerRef } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { RedirectProgress, RedirectRequest } from '../commands/workers/redirect-sender.ts';
import { Run } from './run.ts';
import { splitByShare } from './slice.ts';

type Order = RedirectRequest & { worker: WorkerRef; progress: RedirectProgress };

/** Two push servers; the first has workers with so many links. */
function create(lives: number[], devices: number, devicesPerSecond: number) {
  const nodes = new Map<string, ListedNode>();
  const put = (id: string, live: number[], change: Partial<ListedNode> = {}) => {
    const workers = live.map((links, at) => ({
      workerId: `w${at}` as WorkerId,
      bootId: `${id}-b${at}` as BootId,
      pid: 1,
      controlAddress: '',
      live: links,
      capacity: 100,
    }));
    const node = { nodeId: id as NodeId, status: 'ready', liveness: 'alive', address: id, port: 1, workers };
    nodes.set(id, { ...node, ...change } as ListedNode);
  };
  put('a', lives);
  put('b', [0]);
  const orders: Order[] = [];
  const state = { reachable: true };
  const redirector = {
    send: (worker: WorkerRef, request: RedirectRequest) => {
      if (!state.reachable) return undefined;
      const progress = { redirected: 0, done: false };
      orders.push({ ...request, worker, progress });
      return progress;
    },
  };
  const moves = [{ from: 'a' as NodeId, to: 'b' as NodeId, devices }];
  const run = new Run({ past: [], moves, redirector, devicesPerSecond });
  const step = () => run.step((id) => nodes.get(id));
  return { run, orders, step, put, state };
}

function finish(order: Order | undefined, redirected: number | undefined = order?.devices): void {
  if (order) Object.assign(order.progress, { redirected, done: true });
}

describe('Run', () => {
  it("gives each worker its share of a second's worth, and no more than two seconds' worth ahead", () => {
    const { run, orders, step } = create([30, 10], 30, 8);
    step();
    expect(orders.map(({ worker, devices }) => [worker.workerId, devices])).toEqual([
      ['w0', 6],
      ['w1', 2],
    ]);
    step();
    step();
    expect(orders).toHaveLength(4);
    for (const order of orders) finish(order);
    step();
    expect(run.moves).toEqual([{ from: 'a', to: 'b', devices: 30, redirected: 16 }]);
    expect(orders).toHaveLength(6);
  });

  it('orders as many as were planned, no matter how few are told at a time', () => {
    const { run, orders, step } = create([50], 20, 10);
    for (let at = 0; at < 40 && !run.isTold; at += 1) {
      step();
      for (const order of orders) if (!order.progress.done) finish(order, Math.min(3, order.devices ?? 0));
    }
    step();
    expect([run.isTold, run.moves[0]?.redirected]).toEqual([true, 20]);
  });

  it('leaves a worker alone that finds nobody to move, and ends', () => {
    const { run, orders, step } = create([50], 20, 10);
    step();
    finish(orders[0], 0);
    step();
    step();
    expect([run.isTold, orders.length]).toEqual([true, 1]);
  });

  it.each([
    ['the target drains', 'b', { status: 'draining' as const }],
    ['the source falls silent', 'a', { liveness: 'suspect' as const }],
  ])('gives no more orders when %s', (_, id, change) => {
    const { run, orders, step, put } = create([50], 20, 10);
    step();
    finish(orders[0]);
    put(id, [50], change);
    step();
    step();
    expect(orders).toHaveLength(1);
    expect(run.isTold).toBe(true);
    expect(run.moves[0]).toMatchObject({ devices: 10, redirected: 10 });
  });

  it('waits a while for workers that cannot be reached', () => {
    const { run, orders, step, state } = create([50], 20, 20);
    state.reachable = false;
    for (let at = 0; at < 9; at += 1) step();
    state.reachable = true;
    step();
    expect(orders).toHaveLength(1);
    const gone = create([50], 20, 20);
    gone.state.reachable = false;
    for (let at = 0; at < 10; at += 1) gone.step();
    expect([gone.run.isTold, run.isTold]).toEqual([true, false]);
  });
});

it('splits a number by shares, exactly', () => {
  expect(
    splitByShare(
      10,
      [1, 1, 1].map((share) => share * 10),
    ),
  ).toEqual([3, 4, 3]);
  expect(splitByShare(10, [2, 3])).toEqual([2, 3]);
  expect(splitByShare(5, [])).toEqual([]);
});
