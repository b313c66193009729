// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface MoveGroupResponseInit {
  'movedDevices'?: (number);
}

export interface MoveGroupResponse {
  'movedDevices': (number);
}
