import type { NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import type { JudgedNode } from '../node-directory.ts';

/** A push server that takes part in a rebalance. */
export interface LoadedNode {
  nodeId: NodeId;
  live: number;
  reserved: number;
  capacity: number;
  /** Percent; see NodeRecord. */
  weight: number;
  /** Push servers of the same scope can take one another's devices. */
  scope: string;
}

/** It takes devices, as far as anybody knows, and has time to. */
export function isFit({ status, liveness, overloaded }: JudgedNode): boolean {
  // One that is overloaded is left alone: it is to take no devices, and sending some away would cost it more time.
  return status === 'ready' && liveness === 'alive' && !overloaded;
}

/**
 * The push servers that can give and take devices: fit, and enabled. Only those with exactly the same groups
 * are of the same scope. A push server of a wider scope could take another's devices too, but is meant to be used only
 * when that one is full.
 */
export function readLoads(nodes: Iterable<JudgedNode>, points: readonly DistributionPoint[]): LoadedNode[] {
  const scopes = new Map(
    points.filter(({ pushServer }) => pushServer.enabled).map(({ id, groups }) => [id, scopeKey(groups)]),
  );
  return [...nodes].filter(isFit).flatMap(({ nodeId, live, reserved, capacity, weight, workers }) => {
    const scope = scopes.get(nodeId);
    // While one of its workers is silent a push server counts without the room of that one, and with its devices. Soon it goes on, or
    // another one takes its place: who moved devices for that would move them back.
    if (scope === undefined || workers.some(({ silent }) => silent)) return [];
    return [{ nodeId, live, reserved, capacity, weight, scope }];
  });
}

function scopeKey(groups: readonly string[]): string {
  return JSON.stringify([...new Set(groups)].toSorted());
}

export interface Move {
  from: NodeId;
  to: NodeId;
  devices: number;
}

export interface Plan {
  /** Devices that are too many on one push server, each number to a push server that has too few. */
  moves: Move[];
  /** The largest load divided by the mean, in the scope where that is greatest; 1: even. */
  largestToMean: number;
  /** The most devices that one push server has beyond its fair share. */
  excess: number;
}

/** The fewest moves after which every push server has its fair share of the devices of its scope. Changes nothing. */
export function planMoves(nodes: readonly LoadedNode[]): Plan {
  const parts = [...Map.groupBy(nodes, ({ scope }) => scope).values()].map(planScope);
  return {
    moves: parts.flatMap(({ moves }) => moves),
    largestToMean: Math.max(1, ...parts.map((part) => part.largestToMean)),
    excess: Math.max(0, ...parts.map((part) => part.excess)),
  };
}

function planScope(nodes: readonly LoadedNode[]): Plan {
  const shares = fairShares(nodes);
  const gaps = nodes.map((node, index) => ({ node, gap: usedOf(node) - (shares[index] ?? 0) }));
  const excess = Math.max(0, ...gaps.map(({ gap }) => gap));
  // A place that is kept for a device that has not come yet cannot be moved.
  const givers = gaps.map(({ node, gap }) => ({ id: node.nodeId, devices: Math.min(gap, node.live) }));
  const takers = gaps.map(({ node, gap }) => ({ id: node.nodeId, devices: -gap }));
  return { moves: pair(givers, takers), largestToMean: largestToMean(nodes), excess };
}

interface Amount {
  id: NodeId;
  devices: number;
}

/** Moves from givers to takers, the largest with the largest, so that there are few. */
function pair(givers: readonly Amount[], takers: readonly Amount[]): Move[] {
  const queue = largestFirst(takers);
  const moves: Move[] = [];
  for (const giver of largestFirst(givers)) {
    while (giver.devices > 0 && queue[0]) {
      const [taker] = queue;
      const devices = Math.min(giver.devices, taker.devices);
      moves.push({ from: giver.id, to: taker.id, devices });
      giver.devices -= devices;
      taker.devices -= devices;
      if (taker.devices === 0) queue.shift();
    }
  }
  return moves;
}

function largestFirst(amounts: readonly Amount[]): Amount[] {
  return amounts
    .filter(({ devices }) => devices > 0)
    .map((amount) => ({ ...amount }))
    .sort((a, b) => b.devices - a.devices);
}

function largestToMean(nodes: readonly LoadedNode[]): number {
  const used = nodes.reduce((sum, node) => sum + usedOf(node), 0);
  const mean = used / nodes.reduce((sum, node) => sum + sizeOf(node), 0);
  if (!(mean > 0) || !Number.isFinite(mean)) return 1;
  return Math.max(...nodes.filter((node) => sizeOf(node) > 0).map((node) => usedOf(node) / sizeOf(node))) / mean;
}

/** How many devices each push server would hold if they were spread evenly, as whole numbers. */
export function fairShares(nodes: readonly LoadedNode[]): number[] {
  const total = nodes.reduce((sum, node) => sum + usedOf(node), 0);
  const exact = exactShares(nodes, total);
  const shares = exact.map((share) => Math.floor(share + 1e-9));
  let rest = total - shares.reduce((sum, share) => sum + share, 0);
  // Who has more than its share already keeps one of the rest: nothing moves for the sake of rounding, and a spread
  // that is as even as whole numbers allow stays as it is.
  const byNeed = nodes
    .map((node, index) => ({ node, index, surplus: usedOf(node) - (shares[index] ?? 0) }))
    .sort((a, b) => Number(b.surplus > 0) - Number(a.surplus > 0) || sizeOf(b.node) - sizeOf(a.node));
  for (const { node, index } of byNeed) {
    if (rest <= 0) break;
    if ((shares[index] ?? 0) >= node.capacity) continue;
    shares[index] = (shares[index] ?? 0) + 1;
    rest -= 1;
  }
  return shares;
}

export function usedOf({ live, reserved }: LoadedNode): number {
  return live + reserved;
}

/** The size of a push server beside others: one of twice the size gets twice the devices. */
export function sizeOf({ capacity, weight }: Pick<LoadedNode, 'capacity' | 'weight'>): number {
  return (capacity * weight) / 100;
}

/** Each push server gets the same share of its size; what one has no room for goes to the others. */
function exactShares(nodes: readonly LoadedNode[], total: number): number[] {
  const full = new Set<LoadedNode>();
  for (;;) {
    const open = nodes.filter((node) => !full.has(node));
    const left = total - [...full].reduce((sum, { capacity }) => sum + capacity, 0);
    const level = left / open.reduce((sum, node) => sum + sizeOf(node), 0);
    const filled = open.filter((node) => sizeOf(node) * level > node.capacity);
    if (filled.length === 0) return nodes.map((node) => (full.has(node) ? node.capacity : sizeOf(node) * level || 0));
    for (const node of filled) full.add(node);
  }
}
