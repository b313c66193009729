import type { BootId, DeviceId, GroupPath, GroupPushId } from '@pushfleet/protocol';
import type { LeaseName } from '../leases.ts';

/**
 * The only place where keys are built. What stands in braces is the hash tag: all keys of one tag are in one slot of a
 * Redis Cluster, and no script touches two tags. Ids and group paths hold no braces.
 */
export interface Keys {
  readonly schema: string;
  readonly nodes: string;
  readonly balancers: string;
  readonly nodeStates: string;
  readonly nodeProblems: string;
  readonly writeClock: string;
  /** Which life of the data this is: another one after a loss. */
  readonly incarnation: string;
  readonly reservations: string;
  readonly reservationLapses: string;
  readonly reserved: string;
  readonly nextSlots: string;
  readonly events: string;
  readonly audit: string;
  /** Boot ids of workers that hold devices. */
  readonly bootsWithDevices: string;
  /** Lives of workers whose clean-up has begun. */
  readonly bootClaims: string;
  readonly rebalance: string;
  /** Written by balancers. */
  readonly maintenance: string;
  /** Written by push servers. */
  readonly maintenanceProgress: string;
  readonly rollingRestart: string;
  readonly apiTokens: string;
  readonly consoleSessions: string;
  readonly signInCodes: string;
  readonly enrollmentTokens: string;
  /** The registrations that are left of them. */
  readonly enrollmentTokenUses: string;
  readonly groups: string;
  readonly groupMoves: string;
  readonly distributionPoints: string;
  readonly devices: string;
  readonly deviceGroups: string;
  /** Devices that may have commands which have not ended, by the time when they were marked last. */
  readonly commandedDevices: string;
  /** The same devices, by the time when somebody looked last whether their commands are overdue. */
  readonly commandedDeviceLooks: string;
  /** All of them, by the time when they started. */
  readonly groupPushes: string;
  /** Those that have not ended. */
  readonly activeGroupPushes: string;
  readonly groupPushKeys: string;
  readonly ticketKeys: string;
  readonly ticketKeyExpiries: string;
  readonly revocations: string;
  /** Keys of TLS session tickets, sealed with the secret of that id. */
  tlsTicketKeys(secretId: string): string;
  /** Devices whose sessions that life of a worker held. */
  heldDevices(bootId: BootId): string;
  lease(name: LeaseName): string;
  /** Devices of the group itself. */
  groupDevices(group: GroupPath): string;
  /** Devices of the group and of all its subgroups. */
  treeDevices(group: GroupPath): string;
  /** Devices with a label, given as `label=value`. */
  labelDevices(label: string): string;
  session(device: DeviceId): string;
  deviceRecord(device: DeviceId): string;
  /** The part of the record that push servers may read; see lua/generations.lua. */
  deviceTickets(device: DeviceId): string;
  /** The keys that all scripts about a device's commands take; see lua/commands.lua. */
  commands(device: DeviceId): string[];
  /** The same, its record, and what push servers may read of it; see lua/generations.lua. */
  device(device: DeviceId): string[];
  /** Record, counts, outcomes, and devices that have one. */
  groupPush(id: GroupPushId): string[];
}

export function createKeys(prefix: string): Keys {
  const fleet = `${prefix}:{fleet}`;
  const keys: Keys = {
    schema: `${fleet}:schema`,
    nodes: `${fleet}:nodes`,
    balancers: `${fleet}:balancers`,
    nodeStates: `${fleet}:node-states`,
    nodeProblems: `${fleet}:node-problems`,
    writeClock: `${fleet}:write-clock`,
    incarnation: `${fleet}:incarnation`,
    reservations: `${fleet}:reservations`,
    reservationLapses: `${fleet}:reservation-lapses`,
    reserved: `${fleet}:reserved`,
    nextSlots: `${fleet}:next-slots`,
    events: `${fleet}:events`,
    audit: `${fleet}:audit`,
    bootsWithDevices: `${fleet}:boots-with-devices`,
    bootClaims: `${fleet}:boot-claims`,
    rebalance: `${fleet}:rebalance`,
    maintenance: `${fleet}:maintenance`,
    maintenanceProgress: `${fleet}:maintenance-progress`,
    rollingRestart: `${fleet}:rolling-restart`,
    apiTokens: `${fleet}:api-tokens`,
    consoleSessions: `${fleet}:console-sessions`,
    signInCodes: `${fleet}:sign-in-codes`,
    enrollmentTokens: `${fleet}:enrollment-tokens`,
    enrollmentTokenUses: `${fleet}:enrollment-token-uses`,
    groups: `${fleet}:groups`,
    groupMoves: `${fleet}:group-moves`,
    distributionPoints: `${fleet}:distribution-points`,
    devices: `${fleet}:devices`,
    deviceGroups: `${fleet}:device-groups`,
    commandedDevices: `${fleet}:commanded-devices`,
    commandedDeviceLooks: `${fleet}:commanded-device-looks`,
    groupPushes: `${fleet}:group-pushes`,
    activeGroupPushes: `${fleet}:active-group-pushes`,
    groupPushKeys: `${fleet}:group-push-keys`,
    ticketKeys: `${fleet}:ticket-keys`,
    ticketKeyExpiries: `${fleet}:ticket-key-expiries`,
    revocations: `${fleet}:revocations`,
    tlsTicketKeys: (secretId) => `${fleet}:tls-ticket-keys:${secretId}`,
    heldDevices: (bootId) => `${fleet}:held-devices:${bootId}`,
    lease: (name) => `${fleet}:lease:${name}`,
    groupDevices: (group) => `${fleet}:group-devices:${group}`,
    treeDevices: (group) => `${fleet}:tree-devices:${group}`,
    labelDevices: (label) => `${fleet}:label-devices:${label}`,
    session: (device) => `${prefix}:{device:${device}}:session`,
    deviceRecord: (device) => `${prefix}:{device:${device}}:record`,
    deviceTickets: (device) => `${prefix}:{device:${device}}:tickets`,
    commands: (device) =>
      ['session', 'commands', 'command-order', 'command-times'].map((name) => `${prefix}:{device:${device}}:${name}`),
    device: (device) => [...keys.commands(device), keys.deviceRecord(device), keys.deviceTickets(device)],
    groupPush: (id) =>
      ['record', 'counts', 'outcomes', 'devices'].map((name) => `${prefix}:{group-push:${id}}:${name}`),
  };
  return keys;
}
