// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface CreateEnrollmentTokenRequestInit {
  /**
   * Path of a group, which must exist.
   */
  'group'?: (string);
  /**
   * 1 to 100,000.
   */
  'count'?: (number);
  /**
   * From now; 1 minute to 1 year. Absent or 0: 1 day.
   */
  'lifetimeMs'?: (number);
}

export interface CreateEnrollmentTokenRequest {
  /**
   * Path of a group, which must exist.
   */
  'group': (string);
  /**
   * 1 to 100,000.
   */
  'count': (number);
  /**
   * From now; 1 minute to 1 year. Absent or 0: 1 day.
   */
  'lifetimeMs': (number);
}
