// Original file: proto/pushfleet/admin/v1/token_service.proto

import type { ApiTokenInit as _pushfleet_admin_v1_ApiTokenInit, ApiToken as _pushfleet_admin_v1_ApiToken } from '../../../pushfleet/admin/v1/ApiToken.ts';

export interface ListTokensResponseInit {
  'apiTokens'?: (_pushfleet_admin_v1_ApiTokenInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListTokensResponse {
  'apiTokens': (_pushfleet_admin_v1_ApiToken)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
