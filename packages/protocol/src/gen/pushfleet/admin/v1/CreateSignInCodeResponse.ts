// Original file: proto/pushfleet/admin/v1/token_service.proto


export interface CreateSignInCodeResponseInit {
  /**
   * Kept nowhere and never told again.
   */
  'code'?: (string);
  /**
   * When it is good no more.
   */
  'expiresAtMs'?: (number);
  /**
   * HTTP port of the balancer that answers.
   */
  'restPort'?: (number);
}

export interface CreateSignInCodeResponse {
  /**
   * Kept nowhere and never told again.
   */
  'code': (string);
  /**
   * When it is good no more.
   */
  'expiresAtMs': (number);
  /**
   * HTTP port of the balancer that answers.
   */
  'restPort': (number);
}
