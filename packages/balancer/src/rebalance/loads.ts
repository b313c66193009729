import type { NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import type { SeenNode } from '../node-directory.ts';

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

/**
 * The push servers that can give and take devices: ready, heard of, and enabled. Only those with exactly the same groups
 * are of the same scope. A push server of a wider scope could take another's devices too, but is meant to be used only
 * when that one is full.
 */
export function readLoads(nodes: Iterable<SeenNode>, points: readonly DistributionPoint[]): LoadedNode[] {
  const scopes = new Map(
    points.filter(({ pushServer }) => pushServer.enabled).map(({ id, groups }) => [id, scopeKey(groups)]),
  );
  return [...nodes].flatMap(({ nodeId, status, liveness, live, reserved, capacity, weight }) => {
    const scope = scopes.get(nodeId);
    if (scope === undefined || status !== 'ready' || liveness !== 'alive') return [];
    return [{ nodeId, live, reserved, capacity, weight, scope }];
  });
}

function scopeKey(groups: readonly string[]): string {
  return JSON.stringify([...new Set(groups)].toSorted());
}
