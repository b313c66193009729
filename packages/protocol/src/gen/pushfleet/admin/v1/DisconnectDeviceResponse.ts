// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DisconnectDeviceResponseInit {
  /**
   * It had a live link.
   */
  'wasConnected'?: (boolean);
}

export interface DisconnectDeviceResponse {
  /**
   * It had a live link.
   */
  'wasConnected': (boolean);
}
