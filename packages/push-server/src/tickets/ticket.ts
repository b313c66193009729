import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';

/** What a balancer vouches for: this device may open its link on these push servers. */
export interface Ticket {
  device: DeviceId;
  group: GroupPath;
  nodes: NodeId[];
  /** Which of the device's tickets it is: earlier ones are void once the registry knows a greater one. 0: it does not say. */
  generation: number;
}
