// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto


export interface GetStatusRequestInit {
}

export interface GetStatusRequest {
}
