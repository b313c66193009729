// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface GetDeviceHistoryRequestInit {
  'deviceId'?: (string);
}

export interface GetDeviceHistoryRequest {
  'deviceId': (string);
}
