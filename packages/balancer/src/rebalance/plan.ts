import type { NodeId } from '@pushfleet/protocol';
import { fairShares, sizeOf, usedOf } from './fair-shares.ts';
import type { LoadedNode } from './loads.ts';

export interface Move {
  from: NodeId;
  to: NodeId;
  devices: number;
}

export interface Plan {
  /** Only what is too much somewhere, each to where it is missing. */
  moves: Move[];
  /** Largest load divided by the mean, of the scope where that is greatest. */
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

/** The largest with the largest, so that there are few pairs. */
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
