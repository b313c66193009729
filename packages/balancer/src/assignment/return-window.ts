import type { NodeId } from '@pushfleet/protocol';
import { slotLimits } from '@pushfleet/registry';
import type { JudgedNode } from '../node-directory.ts';

export interface LostPlaces {
  primary: NodeId;
  /** Push servers that the ticket names besides. */
  backups: readonly NodeId[];
  /** Push servers in scope, the nearest first. */
  tiers: readonly (readonly NodeId[])[];
  node(id: NodeId): JudgedNode | undefined;
}

/**
 * The time that the other push servers take to take in all devices of `primary`, by the rates that they announce, in milliseconds. The backups of
 * its devices are spread over all of those tiers from which this device has its own. 0: it has none.
 */
export function returnWindowMs({ primary, backups, tiers, node }: LostPlaces): number {
  const others = tiers.filter((tier) => tier.some((id) => backups.includes(id))).flat();
  const acceptsPerSecond = others.reduce((sum, id) => sum + (id === primary ? 0 : rateOf(node(id))), 0);
  if (acceptsPerSecond === 0) return 0;
  const { live = 0, reserved = 0 } = node(primary) ?? {};
  return Math.min(slotLimits.longestMs, Math.round(((live + reserved) * 1_000) / acceptsPerSecond));
}

function rateOf(node: JudgedNode | undefined): number {
  return node?.status === 'ready' && node.liveness === 'alive' ? node.acceptsPerSecond : 0;
}
