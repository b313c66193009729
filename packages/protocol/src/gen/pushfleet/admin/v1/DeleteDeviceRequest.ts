// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DeleteDeviceRequestInit {
  'deviceId'?: (string);
}

export interface DeleteDeviceRequest {
  'deviceId': (string);
}
