// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface MoveGroupRequestInit {
  'path'?: (string);
  'newPath'?: (string);
}

export interface MoveGroupRequest {
  'path': (string);
  'newPath': (string);
}
