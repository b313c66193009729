import type { BootId, DeviceId, DeviceLinkKind, GroupPath, Labels, NodeId } from '@pushfleet/protocol';
import type { LinkKind, SessionRef } from './sessions.ts';

/**
 * The consequence of an address for remote hosts that balancers cannot reach: `on`, the push server gets no new devices; `warn`,
 * there is a warning; `off`, nobody tries.
 */
export type AddressCheck = 'on' | 'warn' | 'off';

/** The settings of a distribution point's push server, as an administrator makes them. */
export interface PushServerSettings {
  /** "Run push server". */
  enabled: boolean;
  /** "Push server port". */
  port: number;
  /** "Address for remote hosts". */
  address: string;
  maxConnections: number;
  /** Percent; see NodeRecord. */
  weight: number;
  /** Absent: as balancers are set. */
  addressCheck?: AddressCheck;
}

export interface DistributionPoint {
  /** Also the id of its push server. */
  id: NodeId;
  /** Its scope; subgroups included. */
  groups: GroupPath[];
  pushServer: PushServerSettings;
}

export interface Device {
  id: DeviceId;
  group: GroupPath;
  /** From `hashSecret`; never the secret itself. */
  secretHash: string;
  labels: Labels;
  /** How it may be linked; none named: all ways. */
  linkKinds: DeviceLinkKind[];
}

/** Whether two are the same in all that an administrator gives them. */
export function isSameDevice(one: Device, other: Device): boolean {
  const contentOf = ({ group, secretHash, labels, linkKinds }: Device) =>
    JSON.stringify([group, secretHash, Object.entries(labels).sort(), linkKinds]);
  return contentOf(one) === contentOf(other);
}

export interface StoredDevice extends Device {
  /**
   * That of its tickets which are good. It grows with another secret, with a deletion, and where tickets are voided;
   * also across a deletion: max(known + 1, the registry's clock in ms).
   */
  generation: number;
}

/** All links that came with earlier tickets of the device are to be ended, wherever they are. */
export interface VoidedTickets {
  device: DeviceId;
  /** The generation of the first ticket that is good again. */
  generation: number;
  /** That was open until now. */
  session: SessionRef | undefined;
}

export interface DeviceQuery {
  /** Absent: devices of all groups. */
  group?: GroupPath;
  /** Devices of the group's subgroups too. Of no meaning without `group`. */
  includeSubgroups: boolean;
  /** Only devices that have all of these. */
  labels?: Labels;
  /** Only ids greater than this one. */
  after?: DeviceId;
  limit: number;
}

/** A query that devices are looked at for one by one. */
export interface DeviceSearch extends DeviceQuery {
  /** Part of the id, in large or small letters. */
  search?: string;
  session?: SessionCondition;
}

/** Only devices whose session is, or is not, held by one of these lives of workers; where it is, by a link of this kind. */
export type SessionCondition =
  | { kind: 'held'; by: readonly BootId[]; link?: LinkKind }
  | { kind: 'not-held'; by: readonly BootId[] };

/** A search for devices ends by then, and with what it was at. */
export const longestSearchMs = 100;

export interface FoundDevices {
  devices: StoredDevice[];
  /** All up to this one were looked at, and the search goes on after it; absent: there are no more. */
  next?: DeviceId;
}

/** The users of a group, which stand in the way of deleting it; some of each kind. */
export interface GroupUsers {
  subgroups: GroupPath[];
  distributionPoints: NodeId[];
  devices: DeviceId[];
}

/**
 * `begun`: the move has begun, now or earlier. `taken`: the new path is there already. `busy`: the group is on its way
 * to another path.
 */
export type GroupMoveStart = 'begun' | 'absent' | 'taken' | 'busy';

/** Groups, distribution points and devices. Writes of one entity are atomic; callers check that what an entity names exists. */
export interface Fleet {
  /** Creates the group and those above it, where they are missing. */
  putGroup(path: GroupPath): Promise<void>;
  hasGroup(path: GroupPath): Promise<boolean>;
  /** In the order of their paths. */
  listGroups(): Promise<GroupPath[]>;
  /** How many devices each of the groups has, subgroups included; about, while devices are changed. */
  countDevices(groups: readonly GroupPath[]): Promise<number[]>;
  /** Deletes a group that nothing uses; otherwise nothing changes, and it answers what does. */
  deleteGroup(path: GroupPath): Promise<'deleted' | 'absent' | GroupUsers>;

  // The steps of `moveGroup` that need to be atomic.
  /** Begins the move of the group, and creates the new path of it and of each of its subgroups. */
  beginGroupMove(path: GroupPath, newPath: GroupPath): Promise<GroupMoveStart>;
  /** Deletes the group and its subgroups, whoever uses them. The move stays begun. */
  removeGroupTree(path: GroupPath): Promise<void>;
  /** Ends the move: it is forgotten. */
  endGroupMove(path: GroupPath): Promise<void>;

  putDistributionPoint(point: DistributionPoint): Promise<void>;
  /** Replaces it if it still is `expected`, as it was read. A lost race is `false`. */
  replaceDistributionPoint(expected: DistributionPoint, point: DistributionPoint): Promise<boolean>;
  getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined>;
  /** In the order of their ids. */
  listDistributionPoints(): Promise<DistributionPoint[]>;
  /** Replaces the scope, and nothing else, if it still is `from`. A lost race is `false`. */
  replaceScope(id: NodeId, from: readonly GroupPath[], to: readonly GroupPath[]): Promise<boolean>;
  /** `false`: there was none. */
  deleteDistributionPoint(id: NodeId): Promise<boolean>;

  /**
   * Creates or replaces; a device that was in another group leaves it. With another secret than the one it had its tickets
   * are void and its session ends, in the same step.
   */
  putDevice(device: Device): Promise<VoidedTickets | undefined>;
  /** Creates the device, unless there is one of that id: then that one is answered, and nothing is written. */
  createDevice(device: Device): Promise<'created' | StoredDevice>;
  /** The same as `putDevice`, if the device still is `expected`, as it was read. `changed`: it is not, and nothing was written. */
  replaceDevice(expected: Device, device: Device): Promise<'changed' | { voided: VoidedTickets | undefined }>;
  /**
   * Each of them as `putDevice` does, together much faster. Where it fails, some may be written and others not; `onVoided`
   * gets those that were all the same.
   */
  putDevices(devices: readonly Device[], onVoided: (voided: VoidedTickets[]) => void): Promise<void>;
  /** Changes the group and nothing else. `false`: there is no such device. */
  moveDevice(id: DeviceId, group: GroupPath): Promise<boolean>;
  getDevice(id: DeviceId): Promise<StoredDevice | undefined>;
  getDevices(ids: readonly DeviceId[]): Promise<Map<DeviceId, StoredDevice>>;
  /** In the order of their ids; a device that is put or deleted meanwhile may or may not be there. */
  listDevices(query: DeviceQuery): Promise<StoredDevice[]>;
  /** The ids of what `listDevices` answers, at a part of its cost. */
  listDeviceIds(query: DeviceQuery): Promise<DeviceId[]>;
  /**
   * In the order of their ids, at most `limit`; fewer where so many were looked at, or for so long, that others should get their turn. A session is
   * taken for held or not as heartbeats have told in the last seconds; a device whose session by now says otherwise is left out.
   */
  searchDevices(search: DeviceSearch): Promise<FoundDevices>;
  /**
   * Forgets the device. In the same step its tickets are void, its session ends, its queued commands are CANCELLED, those
   * that were taken have an unknown outcome, and what is kept of commands that had ended is forgotten: another device of
   * this id has nothing of it. `absent`: there was none, which voids tickets all the same. `voided` is missing where the
   * device was put or deleted at the same time, and that came last.
   */
  deleteDevice(id: DeviceId): Promise<{ absent: boolean; voided: VoidedTickets | undefined }>;
  /** Voids the device's tickets and ends its session, in one step. `undefined`: there is no such device. */
  voidTickets(id: DeviceId): Promise<VoidedTickets | undefined>;
}
