// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { DeviceOutcomeInit as _pushfleet_admin_v1_DeviceOutcomeInit, DeviceOutcome as _pushfleet_admin_v1_DeviceOutcome } from '../../../pushfleet/admin/v1/DeviceOutcome.ts';

export interface ListGroupPushOutcomesResponseInit {
  'outcomes'?: (_pushfleet_admin_v1_DeviceOutcomeInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListGroupPushOutcomesResponse {
  'outcomes': (_pushfleet_admin_v1_DeviceOutcome)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
