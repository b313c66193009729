import { type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';

/** Who may serve a group. */
export interface Scope {
  /** A distribution point has the group in its scope, whether or not its push server is to run. */
  isCovered: boolean;
  /** The push servers that are to run, by preference. */
  tiers: NodeId[][];
}

/**
 * The push servers that may serve a device of `group`, by preference: those of its own group first, then those of the
 * next group up, and so on. A distribution point that several of these groups name counts where it is nearest.
 */
export function scopeOf(group: GroupPath, points: readonly DistributionPoint[]): Scope {
  const lineage = groupLineage(group);
  const isCovered = points.some(({ groups }) => groups.some((path) => lineage.includes(path)));
  const enabled = points.filter((point) => point.pushServer.enabled);
  const seen = new Set<NodeId>();
  const tiers = lineage.map((ancestor) => {
    const tier = enabled.filter(({ id, groups }) => !seen.has(id) && groups.includes(ancestor)).map(({ id }) => id);
    for (const id of tier) seen.add(id);
    return tier;
  });
  return { isCovered, tiers: tiers.filter((tier) => tier.length > 0) };
}
