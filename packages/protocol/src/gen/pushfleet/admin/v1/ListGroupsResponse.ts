// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { GroupInit as _pushfleet_admin_v1_GroupInit, Group as _pushfleet_admin_v1_Group } from '../../../pushfleet/admin/v1/Group.ts';

export interface ListGroupsResponseInit {
  'groups'?: (_pushfleet_admin_v1_GroupInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListGroupsResponse {
  'groups': (_pushfleet_admin_v1_Group)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
