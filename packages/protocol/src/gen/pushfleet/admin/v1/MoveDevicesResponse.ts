// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface MoveDevicesResponseInit {
}

export interface MoveDevicesResponse {
}
