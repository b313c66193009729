// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface RevokeEnrollmentTokenResponseInit {
}

export interface RevokeEnrollmentTokenResponse {
}
