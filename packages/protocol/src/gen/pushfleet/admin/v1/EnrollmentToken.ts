// Original file: proto/pushfleet/admin/v1/fleet_service.proto


/**
 * Good until it expires, is used up, or is revoked.
 */
export interface EnrollmentTokenInit {
  /**
   * 16 hexadecimal digits.
   */
  'enrollmentTokenId'?: (string);
  /**
   * Path of the group in which its devices are registered.
   */
  'group'?: (string);
  /**
   * How many devices may register with it.
   */
  'count'?: (number);
  /**
   * How many of these have not.
   */
  'left'?: (number);
  /**
   * Name of the API token with which it was made.
   */
  'createdBy'?: (string);
  'createdAtMs'?: (number);
  /**
   * From then on no device registers with it.
   */
  'expiresAtMs'?: (number);
  /**
   * Absent: nobody has revoked it.
   */
  'revokedAtMs'?: (number);
}

/**
 * Good until it expires, is used up, or is revoked.
 */
export interface EnrollmentToken {
  /**
   * 16 hexadecimal digits.
   */
  'enrollmentTokenId': (string);
  /**
   * Path of the group in which its devices are registered.
   */
  'group': (string);
  /**
   * How many devices may register with it.
   */
  'count': (number);
  /**
   * How many of these have not.
   */
  'left': (number);
  /**
   * Name of the API token with which it was made.
   */
  'createdBy': (string);
  'createdAtMs': (number);
  /**
   * From then on no device registers with it.
   */
  'expiresAtMs': (number);
  /**
   * Absent: nobody has revoked it.
   */
  'revokedAtMs': (number);
}
