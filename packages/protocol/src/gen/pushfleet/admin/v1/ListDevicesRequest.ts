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
   * Up to 1,000, which a larger one is taken for; 0: 100. A page of devices of which much is said may be smaller.
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
   * Up to 1,000, which a larger one is taken for; 0: 100. A page of devices of which much is said may be smaller.
   */
  'pageSize': (number);
  'pageToken': (string);
  /**
   * Only devices that have all of these labels.
   */
  'labels': ({[key: string]: string});
}
