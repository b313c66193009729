// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DeleteDistributionPointResponseInit {
}

export interface DeleteDistributionPointResponse {
}
