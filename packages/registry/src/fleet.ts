import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';

/** What an administrator sets for the push server of a distribution point. */
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
}

export interface DeviceQuery {
  /** Absent: devices of all groups. */
  group?: GroupPath;
  /** Devices of the group's subgroups too. Of no meaning without `group`. */
  includeSubgroups: boolean;
  /** Only ids greater than this one. */
  after?: DeviceId;
  limit: number;
}

/** What there is to manage. Writes of one entity are atomic; callers check that what an entity names exists. */
export interface Fleet {
  /** Creates the group and those above it, where they are missing. */
  putGroup(path: GroupPath): Promise<void>;
  hasGroup(path: GroupPath): Promise<boolean>;
  /** In the order of their paths. */
  listGroups(): Promise<GroupPath[]>;

  putDistributionPoint(point: DistributionPoint): Promise<void>;
  getDistributionPoint(id: NodeId): Promise<DistributionPoint | undefined>;
  /** In the order of their ids. */
  listDistributionPoints(): Promise<DistributionPoint[]>;

  /** Creates or replaces; a device that was in another group leaves it. */
  putDevice(device: Device): Promise<void>;
  getDevice(id: DeviceId): Promise<Device | undefined>;
  /** In the order of their ids; a device that is put or deleted meanwhile may or may not be there. */
  listDevices(query: DeviceQuery): Promise<Device[]>;
  /** `false`: there was none. */
  deleteDevice(id: DeviceId): Promise<boolean>;
}
