// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { EnrollmentTokenInit as _pushfleet_admin_v1_EnrollmentTokenInit, EnrollmentToken as _pushfleet_admin_v1_EnrollmentToken } from '../../../pushfleet/admin/v1/EnrollmentToken.ts';

export interface ListEnrollmentTokensResponseInit {
  'enrollmentTokens'?: (_pushfleet_admin_v1_EnrollmentTokenInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListEnrollmentTokensResponse {
  'enrollmentTokens': (_pushfleet_admin_v1_EnrollmentToken)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
