// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { PriorityInit as _pushfleet_admin_v1_PriorityInit, Priority as _pushfleet_admin_v1_Priority } from '../../../pushfleet/admin/v1/Priority.ts';

/**
 * As in PushRequest, for each device, with the same limits and defaults.
 */
export interface GroupPushDeliveryInit {
  'deliverWithinMs'?: (number);
  'finishWithinMs'?: (number);
  /**
   * Absent or 0: direct, and devices that are away give NOT_CONNECTED. Else they get it on their return.
   */
  'ttlMs'?: (number);
  'collapseKey'?: (string);
  'priority'?: (_pushfleet_admin_v1_PriorityInit);
}

/**
 * As in PushRequest, for each device, with the same limits and defaults.
 */
export interface GroupPushDelivery {
  'deliverWithinMs': (number);
  'finishWithinMs': (number);
  /**
   * Absent or 0: direct, and devices that are away give NOT_CONNECTED. Else they get it on their return.
   */
  'ttlMs': (number);
  'collapseKey': (string);
  'priority': (_pushfleet_admin_v1_Priority);
}
