// Original file: proto/pushfleet/admin/v1/overview_service.proto


export interface GetOverviewRequestInit {
}

export interface GetOverviewRequest {
}
