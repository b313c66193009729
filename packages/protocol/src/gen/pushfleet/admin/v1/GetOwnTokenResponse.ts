// Original file: proto/pushfleet/admin/v1/token_service.proto

import type { ApiTokenInit as _pushfleet_admin_v1_ApiTokenInit, ApiToken as _pushfleet_admin_v1_ApiToken } from '../../../pushfleet/admin/v1/ApiToken.ts';

export interface GetOwnTokenResponseInit {
  'apiToken'?: (_pushfleet_admin_v1_ApiTokenInit | null);
}

export interface GetOwnTokenResponse {
  'apiToken': (_pushfleet_admin_v1_ApiToken | null);
}
