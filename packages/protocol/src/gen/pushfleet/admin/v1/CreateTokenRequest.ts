// Original file: proto/pushfleet/admin/v1/token_service.proto

import type { RoleInit as _pushfleet_admin_v1_RoleInit, Role as _pushfleet_admin_v1_Role } from '../../../pushfleet/admin/v1/Role.ts';

export interface CreateTokenRequestInit {
  'name'?: (string);
  'role'?: (_pushfleet_admin_v1_RoleInit);
  /**
   * See ApiToken.
   */
  'scope'?: (string);
  /**
   * From now; 1 minute to 10 years. Absent or 0: it does not expire.
   */
  'lifetimeMs'?: (number);
}

export interface CreateTokenRequest {
  'name': (string);
  'role': (_pushfleet_admin_v1_Role);
  /**
   * See ApiToken.
   */
  'scope': (string);
  /**
   * From now; 1 minute to 10 years. Absent or 0: it does not expire.
   */
  'lifetimeMs': (number);
}
