// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto


export interface GetCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
}

export interface GetCommandRequest {
  'deviceId': (string);
  'commandId': (string);
}
