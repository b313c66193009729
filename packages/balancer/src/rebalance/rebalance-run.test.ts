import type { BootId, NodeId, WorkerId } from '@pushfleet/protocol';
import type { ListedNode, WorkerRef } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { RedirectProgress, RedirectRequest } from '../commands/workers/redirect-sender.ts';
import { RebalanceRun, splitByShare } from './rebalance-run.ts';

type Sent = RedirectRequest & { worker: WorkerRef; progress: RedirectProgress };

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
  const sent: Sent[] = [];
  const state = { reachable: true };
  const redirector = {
    send: (worker: WorkerRef, request: RedirectRequest) => {
      if (!state.reachable) return undefined;
      const progress = { redirected: 0, done: false };
      sent.push({ ...request, worker, progress });
      return progress;
    },
  };
  const moves = [{ from: 'a' as NodeId, to: 'b' as NodeId, devices }];
  const run = new RebalanceRun({ past: [], moves, redirector, devicesPerSecond });
  const step = () => run.step((id) => nodes.get(id));
  return { run, sent, step, put, state };
}

function finish(request: Sent | undefined, redirected: number | undefined = request?.devices): void {
  if (request) Object.assign(request.progress, { redirected, done: true });
}

describe('RebalanceRun', () => {
  it("gives each worker its share of a second's worth, and no more than two seconds' worth ahead", () => {
    const { run, sent, step } = create([30, 10], 30, 8);
    step();
    expect(sent.map(({ worker, devices }) => [worker.workerId, devices])).toEqual([
      ['w0', 6],
      ['w1', 2],
    ]);
    step();
    step();
    expect(sent).toHaveLength(4);
    for (const request of sent) finish(request);
    step();
    expect(run.moves).toEqual([{ from: 'a', to: 'b', devices: 30, redirected: 16 }]);
    expect(sent).toHaveLength(6);
  });

  it('asks for as many as were planned, no matter how few are redirected at a time', () => {
    const { run, sent, step } = create([50], 20, 10);
    for (let at = 0; at < 40 && !run.isComplete; at += 1) {
      step();
      for (const request of sent) if (!request.progress.done) finish(request, Math.min(3, request.devices ?? 0));
    }
    step();
    expect([run.isComplete, run.moves[0]?.redirected]).toEqual([true, 20]);
  });

  it('leaves a worker alone that finds nobody to move, and ends', () => {
    const { run, sent, step } = create([50], 20, 10);
    step();
    finish(sent[0], 0);
    step();
    step();
    expect([run.isComplete, sent.length]).toEqual([true, 1]);
  });

  it.each([
    ['the target drains', 'b', { status: 'draining' as const }],
    ['the source falls silent', 'a', { liveness: 'suspect' as const }],
  ])('gives no more sent when %s', (_, id, change) => {
    const { run, sent, step, put } = create([50], 20, 10);
    step();
    finish(sent[0]);
    put(id, [50], change);
    step();
    step();
    expect(sent).toHaveLength(1);
    expect(run.isComplete).toBe(true);
    expect(run.moves[0]).toMatchObject({ devices: 10, redirected: 10 });
  });

  it('waits a while for workers that cannot be reached', () => {
    const { run, sent, step, state } = create([50], 20, 20);
    state.reachable = false;
    for (let at = 0; at < 9; at += 1) step();
    state.reachable = true;
    step();
    expect(sent).toHaveLength(1);
    const gone = create([50], 20, 20);
    gone.state.reachable = false;
    for (let at = 0; at < 10; at += 1) gone.step();
    expect([gone.run.isComplete, run.isComplete]).toEqual([true, false]);
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
