// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto


export interface WatchCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
}

export interface WatchCommandRequest {
  'deviceId': (string);
  'commandId': (string);
}
