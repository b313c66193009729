// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface GetRebalanceRequestInit {
}

export interface GetRebalanceRequest {
}
