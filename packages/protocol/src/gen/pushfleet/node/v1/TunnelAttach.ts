// Original file: proto-internal/pushfleet/node/v1/node_control.proto


export interface TunnelAttachInit {
  'tunnelId'?: (string);
}

export interface TunnelAttach {
  'tunnelId': (string);
}
