import type { NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgedNode } from '../node-directory.ts';
import { fairShares, type LoadedNode, type Plan, planMoves, readLoads, sizeOf, usedOf } from './plan.ts';

function nodeOf(id: string, live: number, more: Partial<LoadedNode> = {}): LoadedNode {
  return { nodeId: id as NodeId, live, reserved: 0, capacity: 1_000, weight: 100, scope: 'HQ', ...more };
}

const anyNodes = fc
  .array(
    fc.record({
      capacity: fc.integer({ min: 1, max: 5_000 }),
      weight: fc.integer({ min: 1, max: 400 }),
      scope: fc.constantFrom('HQ', 'HQ/Floor 1', 'Branch'),
      used: fc.double({ min: 0, max: 1, noNaN: true }),
      coming: fc.double({ min: 0, max: 0.3, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ used, coming, ...node }, index) => {
      const places = Math.floor(used * node.capacity);
      const reserved = Math.floor(places * coming);
      return { ...nodeOf(`dp-${index}`, places - reserved, node), reserved };
    }),
  );

function carryOut(nodes: readonly LoadedNode[], { moves }: Plan): LoadedNode[] {
  return nodes.map((node) => {
    const gone = sum(moves.filter(({ from }) => from === node.nodeId));
    const come = sum(moves.filter(({ to }) => to === node.nodeId));
    return { ...node, live: node.live - gone + come };
  });
}

function sum(moves: readonly { devices: number }[]): number {
  return moves.reduce((all, { devices }) => all + devices, 0);
}

describe('readLoads', () => {
  const worker = (live: number, capacity: number, silent: boolean) => ({
    live,
    capacity,
    ...(silent ? { silent } : {}),
  });
  /** A push server with 200 devices, by its own announcement: nobody gets in at a worker that is silent. */
  const announced = (id: string, silent: boolean): JudgedNode => {
    const workers = [worker(72, silent ? 72 : 20_000, silent), worker(65, 20_000, false), worker(63, 20_000, false)];
    const capacity = Math.min(
      50_000,
      workers.reduce((room, one) => room + one.capacity, 0),
    );
    const state = { status: 'ready', liveness: 'alive', overloaded: false, reserved: 0, weight: 100 };
    return { nodeId: id, live: 200, capacity, workers, ...state } as unknown as JudgedNode;
  };
  const points = ['dp-1', 'dp-2', 'dp-3'].map(
    (id) => ({ id, groups: ['HQ'], pushServer: { enabled: true } }) as unknown as DistributionPoint,
  );

  it('leaves a push server alone while one of its workers is silent: its devices are not too many', () => {
    const nodes = [announced('dp-1', true), announced('dp-2', false), announced('dp-3', false)];
    const loads = readLoads(nodes, points);
    expect(loads.map(({ nodeId }) => nodeId)).toEqual(['dp-2', 'dp-3']);
    expect(planMoves(loads).moves).toEqual([]);
    expect(readLoads([announced('dp-1', false)], points)).toMatchObject([{ nodeId: 'dp-1', live: 200 }]);
  });
});

describe('planMoves', () => {
  it('gives a push server that has just joined its share, from each of the others', () => {
    const plan = planMoves([nodeOf('dp-1', 300), nodeOf('dp-2', 300), nodeOf('dp-3', 0)]);
    expect(plan.moves).toEqual([
      { from: 'dp-1', to: 'dp-3', devices: 100 },
      { from: 'dp-2', to: 'dp-3', devices: 100 },
    ]);
    expect(plan.largestToMean).toBeCloseTo(1.5);
    expect(plan.excess).toBe(100);
  });

  it.each([
    ['nobody', [], 1],
    ['one alone', [nodeOf('dp-1', 700)], 1],
    ['empty ones', [nodeOf('dp-1', 0), nodeOf('dp-2', 0)], 1],
    ['as even as whole numbers allow', [nodeOf('dp-1', 3), nodeOf('dp-2', 4), nodeOf('dp-3', 3)], 1.2],
    ['different scopes', [nodeOf('dp-1', 700), nodeOf('dp-2', 0, { scope: 'HQ/Floor 2' })], 1],
  ])('moves nothing between %s', (_, nodes, ratio) => {
    const plan = planMoves(nodes);
    expect(plan.moves).toEqual([]);
    expect(plan.largestToMean).toBeCloseTo(ratio);
  });

  it('gives one of twice the weight or capacity twice the devices', () => {
    const nodes = [nodeOf('dp-1', 400), nodeOf('dp-2', 0, { weight: 200 }), nodeOf('dp-3', 0, { capacity: 2_000 })];
    expect(fairShares(nodes)).toEqual([80, 160, 160]);
  });

  it('gives what a heavy one has no room for to the others', () => {
    const nodes = [nodeOf('dp-1', 900), nodeOf('dp-2', 0, { capacity: 100, weight: 10_000 }), nodeOf('dp-3', 0)];
    expect(fairShares(nodes)).toEqual([400, 100, 400]);
  });

  it('sends nobody over a capacity or out of its scope, and only what is too much', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const plan = planMoves(nodes);
        const byId = new Map(nodes.map((node) => [node.nodeId, node]));
        for (const { from, to, devices } of plan.moves) {
          expect(byId.get(from)?.scope).toBe(byId.get(to)?.scope);
          expect(devices).toBeGreaterThan(0);
        }
        for (const [index, after] of carryOut(nodes, plan).entries()) {
          const before = nodes[index] as LoadedNode;
          expect(usedOf(after)).toBeLessThanOrEqual(after.capacity);
          expect(after.live).toBeGreaterThanOrEqual(0);
          const gives = plan.moves.some(({ from }) => from === before.nodeId);
          const takes = plan.moves.some(({ to }) => to === before.nodeId);
          expect(gives && takes).toBe(false);
        }
      }),
    );
  });

  it('leaves everybody with its fair share, give or take one device, as far as devices are there to be moved', () => {
    fc.assert(
      fc.property(anyNodes, (drawn) => {
        const nodes = drawn.map((node) => ({ ...node, reserved: 0 }));
        const after = carryOut(nodes, planMoves(nodes));
        for (const scope of new Set(nodes.map((node) => node.scope))) {
          const members = after.filter((node) => node.scope === scope);
          // Who has room has its share of the level, less one device at most that rounding has given to others.
          const level = Math.min(
            ...members.filter((node) => usedOf(node) < node.capacity).map((node) => (usedOf(node) + 1) / sizeOf(node)),
          );
          // Nobody is above the level of those that have room, by more than one device.
          for (const node of members) {
            if (Number.isFinite(level)) expect(usedOf(node)).toBeLessThanOrEqual(level * sizeOf(node) + 1 + 1e-6);
          }
        }
      }),
    );
  });

  it('has nothing to do after it was carried out', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        expect(planMoves(carryOut(nodes, planMoves(nodes))).moves).toEqual([]);
      }),
    );
  });

  it('reaches 1.02 among equals, whatever they hold', () => {
    const loads = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(loads, (lives) => {
        const nodes = lives.map((live, index) => nodeOf(`dp-${index}`, live));
        const after = carryOut(nodes, planMoves(nodes));
        const mean = sum(after.map(({ live }) => ({ devices: live }))) / after.length;
        const largest = Math.max(...after.map(({ live }) => live));
        expect(largest <= mean * 1.02 || largest - mean < 1).toBe(true);
      }),
    );
  });
});
