import type { BootId, DeviceId, GroupPath } from '@pushfleet/protocol';
import type { LeaseName } from '../leases.ts';

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
  readonly events: string;
  /** Boot ids of workers that have residents. */
  readonly residentBoots: string;
  readonly rebalance: string;
  readonly maintenance: string;
  readonly groups: string;
  readonly groupMoves: string;
  readonly distributionPoints: string;
  readonly devices: string;
  readonly deviceGroups: string;
  readonly ticketKeys: string;
  readonly ticketKeyExpiries: string;
  /** Devices whose sessions that life of a worker held. */
  residents(bootId: BootId): string;
  lease(name: LeaseName): string;
  /** Devices of the group itself. */
  groupDevices(group: GroupPath): string;
  /** Devices of the group and of all its subgroups. */
  treeDevices(group: GroupPath): string;
  /** Devices with a label, given as `label=value`. */
  labelDevices(label: string): string;
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
    events: `${fleet}:events`,
    residentBoots: `${fleet}:resident-boots`,
    rebalance: `${fleet}:rebalance`,
    maintenance: `${fleet}:maintenance`,
    groups: `${fleet}:groups`,
    groupMoves: `${fleet}:group-moves`,
    distributionPoints: `${fleet}:distribution-points`,
    devices: `${fleet}:devices`,
    deviceGroups: `${fleet}:device-groups`,
    ticketKeys: `${fleet}:ticket-keys`,
    ticketKeyExpiries: `${fleet}:ticket-key-expiries`,
    residents: (bootId) => `${fleet}:residents:${bootId}`,
    lease: (name) => `${fleet}:lease:${name}`,
    groupDevices: (group) => `${fleet}:group-devices:${group}`,
    treeDevices: (group) => `${fleet}:tree-devices:${group}`,
    labelDevices: (label) => `${fleet}:label-devices:${label}`,
    session: (device) => `${prefix}:{device:${device}}:session`,
    deviceRecord: (device) => `${prefix}:{device:${device}}:record`,
  };
}
