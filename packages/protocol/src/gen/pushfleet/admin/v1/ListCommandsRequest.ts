// Original file: proto/pushfleet/admin/v1/command_service.proto


export interface ListCommandsRequestInit {
  'deviceId'?: (string);
}

export interface ListCommandsRequest {
  'deviceId': (string);
}
