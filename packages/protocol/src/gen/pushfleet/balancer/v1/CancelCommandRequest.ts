// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto


export interface CancelCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
  'reason'?: (string);
}

export interface CancelCommandRequest {
  'deviceId': (string);
  'commandId': (string);
  'reason': (string);
}
