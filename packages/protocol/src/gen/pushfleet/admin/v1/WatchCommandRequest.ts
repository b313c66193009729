// Original file: proto/pushfleet/admin/v1/command_service.proto


export interface WatchCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
}

export interface WatchCommandRequest {
  'deviceId': (string);
  'commandId': (string);
}
