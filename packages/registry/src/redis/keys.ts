import type { DeviceId, GroupPath } from '@pushfleet/protocol';

/**
 * The only place where keys are built. What stands in braces is the hash tag: all keys of one tag are in one slot of a
 * Redis Cluster, and no script touches two tags. Ids and group paths hold no braces.
 */
export interface Keys {
  readonly nodes: string;
  readonly nodeStates: string;
  readonly reservations: string;
  readonly reservationLapses: string;
  readonly reserved: string;
  readonly groups: string;
  readonly distributionPoints: string;
  readonly devices: string;
  readonly deviceGroups: string;
  readonly ticketKeys: string;
  readonly ticketKeyExpiries: string;
  /** Devices of the group itself. */
  groupDevices(group: GroupPath): string;
  /** Devices of the group and of all its subgroups. */
  treeDevices(group: GroupPath): string;
  session(device: DeviceId): string;
  deviceRecord(device: DeviceId): string;
}

export function createKeys(prefix: string): Keys {
  const fleet = `${prefix}:{fleet}`;
  return {
    nodes: `${fleet}:nodes`,
    nodeStates: `${fleet}:node-states`,
    reservations: `${fleet}:reservations`,
    reservationLapses: `${fleet}:reservation-lapses`,
    reserved: `${fleet}:reserved`,
    groups: `${fleet}:groups`,
    distributionPoints: `${fleet}:distribution-points`,
    devices: `${fleet}:devices`,
    deviceGroups: `${fleet}:device-groups`,
    ticketKeys: `${fleet}:ticket-keys`,
    ticketKeyExpiries: `${fleet}:ticket-key-expiries`,
    groupDevices: (group) => `${fleet}:group-devices:${group}`,
    treeDevices: (group) => `${fleet}:tree-devices:${group}`,
    session: (device) => `${prefix}:{device:${device}}:session`,
    deviceRecord: (device) => `${prefix}:{device:${device}}:record`,
  };
}
