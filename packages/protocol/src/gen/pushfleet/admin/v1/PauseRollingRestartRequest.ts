// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface PauseRollingRestartRequestInit {
}

export interface PauseRollingRestartRequest {
}
