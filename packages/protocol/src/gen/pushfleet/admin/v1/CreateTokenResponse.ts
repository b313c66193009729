// Original file: proto/pushfleet/admin/v1/token_service.proto

import type { ApiTokenInit as _pushfleet_admin_v1_ApiTokenInit, ApiToken as _pushfleet_admin_v1_ApiToken } from '../../../pushfleet/admin/v1/ApiToken.ts';

export interface CreateTokenResponseInit {
  'apiToken'?: (_pushfleet_admin_v1_ApiTokenInit | null);
  /**
   * The token itself. It is kept nowhere and never told again.
   */
  'secret'?: (string);
}

export interface CreateTokenResponse {
  'apiToken': (_pushfleet_admin_v1_ApiToken | null);
  /**
   * The token itself. It is kept nowhere and never told again.
   */
  'secret': (string);
}
