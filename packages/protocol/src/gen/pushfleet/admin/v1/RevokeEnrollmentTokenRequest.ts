// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface RevokeEnrollmentTokenRequestInit {
  /**
   * As in EnrollmentToken.
   */
  'enrollmentTokenId'?: (string);
}

export interface RevokeEnrollmentTokenRequest {
  /**
   * As in EnrollmentToken.
   */
  'enrollmentTokenId': (string);
}
