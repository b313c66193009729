// Original file: proto/pushfleet/admin/v1/tunnel_service.proto


export interface TunnelOpenedInit {
  'tunnelId'?: (string);
  'nodeId'?: (string);
}

export interface TunnelOpened {
  'tunnelId': (string);
  'nodeId': (string);
}
