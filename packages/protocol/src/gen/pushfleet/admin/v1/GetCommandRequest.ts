// Original file: proto/pushfleet/admin/v1/command_service.proto


export interface GetCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
}

export interface GetCommandRequest {
  'deviceId': (string);
  'commandId': (string);
}
