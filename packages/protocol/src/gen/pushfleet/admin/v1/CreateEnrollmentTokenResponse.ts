// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { EnrollmentTokenInit as _pushfleet_admin_v1_EnrollmentTokenInit, EnrollmentToken as _pushfleet_admin_v1_EnrollmentToken } from '../../../pushfleet/admin/v1/EnrollmentToken.ts';

export interface CreateEnrollmentTokenResponseInit {
  'enrollmentToken'?: (_pushfleet_admin_v1_EnrollmentTokenInit | null);
  /**
   * The token itself. It is kept nowhere and never told again.
   */
  'secret'?: (string);
}

export interface CreateEnrollmentTokenResponse {
  'enrollmentToken': (_pushfleet_admin_v1_EnrollmentToken | null);
  /**
   * The token itself. It is kept nowhere and never told again.
   */
  'secret': (string);
}
