// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { GroupPushInit as _pushfleet_admin_v1_GroupPushInit, GroupPush as _pushfleet_admin_v1_GroupPush } from '../../../pushfleet/admin/v1/GroupPush.ts';

export interface ListGroupPushesResponseInit {
  'groupPushes'?: (_pushfleet_admin_v1_GroupPushInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListGroupPushesResponse {
  'groupPushes': (_pushfleet_admin_v1_GroupPush)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
