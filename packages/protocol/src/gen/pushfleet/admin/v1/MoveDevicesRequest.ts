// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface MoveDevicesRequestInit {
  /**
   * At most 1,000.
   */
  'deviceIds'?: (string)[];
  'group'?: (string);
}

export interface MoveDevicesRequest {
  /**
   * At most 1,000.
   */
  'deviceIds': (string)[];
  'group': (string);
}
