import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';

/** What a balancer vouches for: this device may open its link on these push servers. */
export interface Ticket {
  device: DeviceId;
  group: GroupPath;
  nodes: NodeId[];
}
