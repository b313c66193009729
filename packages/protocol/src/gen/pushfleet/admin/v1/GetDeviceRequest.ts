// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface GetDeviceRequestInit {
  'deviceId'?: (string);
}

export interface GetDeviceRequest {
  'deviceId': (string);
}
