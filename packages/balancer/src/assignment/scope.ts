import { type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';

/**
 * The push servers that may serve a device of `group`, by preference: those of its own group first, then those of the
 * next group up, and so on. A distribution point that several of these groups name counts where it is nearest.
 */
export function scopeOf(group: GroupPath, points: readonly DistributionPoint[]): NodeId[][] {
  const enabled = points.filter((point) => point.pushServer.enabled);
  const seen = new Set<NodeId>();
  const tiers = groupLineage(group).map((ancestor) => {
    const tier = enabled.filter(({ id, groups }) => !seen.has(id) && groups.includes(ancestor)).map(({ id }) => id);
    for (const id of tier) seen.add(id);
    return tier;
  });
  return tiers.filter((tier) => tier.length > 0);
}
