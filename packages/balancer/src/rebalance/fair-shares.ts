import type { LoadedNode } from './loads.ts';

/** How many devices each of them would hold if they were spread evenly, as whole numbers. */
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

/** What a push server counts for beside others: one of twice the size gets twice the devices. */
export function sizeOf({ capacity, weight }: LoadedNode): number {
  return (capacity * weight) / 100;
}

/** Everybody gets the same share of its size; what somebody has no room for goes to the others. */
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
