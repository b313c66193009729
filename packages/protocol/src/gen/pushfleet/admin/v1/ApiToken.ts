// Original file: proto/pushfleet/admin/v1/token_service.proto

import type { RoleInit as _pushfleet_admin_v1_RoleInit, Role as _pushfleet_admin_v1_Role } from '../../../pushfleet/admin/v1/Role.ts';

export interface ApiTokenInit {
  /**
   * 1 to 64 characters. Free again once the token is revoked.
   */
  'name'?: (string);
  'role'?: (_pushfleet_admin_v1_RoleInit);
  /**
   * Path of a group: the token is good for what is at or below it. Empty: for the whole fleet.
   */
  'scope'?: (string);
  /**
   * Name of the token with which it was made. Empty: of the file's token.
   */
  'createdBy'?: (string);
  'createdAtMs'?: (number);
  /**
   * Absent: it is good until it is revoked.
   */
  'expiresAtMs'?: (number);
}

export interface ApiToken {
  /**
   * 1 to 64 characters. Free again once the token is revoked.
   */
  'name': (string);
  'role': (_pushfleet_admin_v1_Role);
  /**
   * Path of a group: the token is good for what is at or below it. Empty: for the whole fleet.
   */
  'scope': (string);
  /**
   * Name of the token with which it was made. Empty: of the file's token.
   */
  'createdBy': (string);
  'createdAtMs': (number);
  /**
   * Absent: it is good until it is revoked.
   */
  'expiresAtMs': (number);
}
