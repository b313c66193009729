// Original file: proto/pushfleet/admin/v1/fleet_service.proto


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
   * 1 to 1,000; 0: 100. A page of devices of which much is said may be smaller.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
  /**
   * Only devices that have all of these labels.
   */
  'labels'?: ({[key: string]: string});
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
   * 1 to 1,000; 0: 100. A page of devices of which much is said may be smaller.
   */
  'pageSize': (number);
  'pageToken': (string);
  /**
   * Only devices that have all of these labels.
   */
  'labels': ({[key: string]: string});
}
