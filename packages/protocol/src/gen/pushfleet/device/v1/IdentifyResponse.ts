// Original file: proto/pushfleet/device/v1/device_link.proto


export interface IdentifyResponseInit {
  'nodeId'?: (string);
}

export interface IdentifyResponse {
  'nodeId': (string);
}
