// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface GetMaintenanceRequestInit {
  'nodeId'?: (string);
}

export interface GetMaintenanceRequest {
  'nodeId': (string);
}
