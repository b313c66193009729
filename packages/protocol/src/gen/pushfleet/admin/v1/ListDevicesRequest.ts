// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { LinkKindInit as _pushfleet_admin_v1_LinkKindInit, LinkKind as _pushfleet_admin_v1_LinkKind } from '../../../pushfleet/admin/v1/LinkKind.ts';

export interface ListDevicesRequestInit {
  /**
   * Path of a group; empty: all.
   */
  'group'?: (string);
  /**
   * Leave out devices of the group's subgroups.
   */
  'excludeSubgroups'?: (boolean);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100. A page of devices of which much is said may be smaller.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
  /**
   * Only devices that have all of these labels.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Only devices whose id has this in it, in large or small letters. At most 128 bytes.
   */
  'search'?: (string);
  /**
   * Only devices that have a live link, or that have none. What happened in the last few seconds may not be seen yet.
   */
  'connected'?: (boolean);
  /**
   * Only devices with a live link to this push server.
   */
  'nodeId'?: (string);
  /**
   * Only devices with a live link of this kind.
   */
  'linkKind'?: (_pushfleet_admin_v1_LinkKindInit);
  'presence'?: "connected";
}

export interface ListDevicesRequest {
  /**
   * Path of a group; empty: all.
   */
  'group': (string);
  /**
   * Leave out devices of the group's subgroups.
   */
  'excludeSubgroups': (boolean);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100. A page of devices of which much is said may be smaller.
   */
  'pageSize': (number);
  'pageToken': (string);
  /**
   * Only devices that have all of these labels.
   */
  'labels': ({[key: string]: string});
  /**
   * Only devices whose id has this in it, in large or small letters. At most 128 bytes.
   */
  'search': (string);
  /**
   * Only devices that have a live link, or that have none. What happened in the last few seconds may not be seen yet.
   */
  'connected'?: (boolean);
  /**
   * Only devices with a live link to this push server.
   */
  'nodeId': (string);
  /**
   * Only devices with a live link of this kind.
   */
  'linkKind': (_pushfleet_admin_v1_LinkKind);
  'presence'?: "connected";
}
