// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DisconnectDeviceRequestInit {
  'deviceId'?: (string);
}

export interface DisconnectDeviceRequest {
  'deviceId': (string);
}
