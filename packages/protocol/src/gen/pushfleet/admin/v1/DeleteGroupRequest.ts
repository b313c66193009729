// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DeleteGroupRequestInit {
  'path'?: (string);
}

export interface DeleteGroupRequest {
  'path': (string);
}
