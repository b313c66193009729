// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface RevokeEnrollmentTokenRequestInit {
  'enrollmentTokenId'?: (string);
}

export interface RevokeEnrollmentTokenRequest {
  'enrollmentTokenId': (string);
}
