// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface UndrainNodeRequestInit {
  'nodeId'?: (string);
}

export interface UndrainNodeRequest {
  'nodeId': (string);
}
