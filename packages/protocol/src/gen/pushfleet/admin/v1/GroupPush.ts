// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { PushToGroupRequestInit as _pushfleet_admin_v1_PushToGroupRequestInit, PushToGroupRequest as _pushfleet_admin_v1_PushToGroupRequest } from '../../../pushfleet/admin/v1/PushToGroupRequest.ts';
import type { GroupPushStateInit as _pushfleet_admin_v1_GroupPushStateInit, GroupPushState as _pushfleet_admin_v1_GroupPushState } from '../../../pushfleet/admin/v1/GroupPushState.ts';
import type { OutcomeCountInit as _pushfleet_admin_v1_OutcomeCountInit, OutcomeCount as _pushfleet_admin_v1_OutcomeCount } from '../../../pushfleet/admin/v1/OutcomeCount.ts';

/**
 * One command for every device of a group, and how it goes.
 */
export interface GroupPushInit {
  'groupPushId'?: (string);
  'request'?: (_pushfleet_admin_v1_PushToGroupRequestInit | null);
  'state'?: (_pushfleet_admin_v1_GroupPushStateInit);
  /**
   * Why it is in this state, in words; empty where the state says it all.
   */
  'reason'?: (string);
  /**
   * Devices found so far; final once all were found.
   */
  'devices'?: (number);
  /**
   * Whether all devices of the group were found.
   */
  'allFound'?: (boolean);
  /**
   * How many devices stand at each outcome. Their sum is the number of commands that went out.
   */
  'counts'?: (_pushfleet_admin_v1_OutcomeCountInit)[];
  'startedAtMs'?: (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs'?: (number);
}

/**
 * One command for every device of a group, and how it goes.
 */
export interface GroupPush {
  'groupPushId': (string);
  'request': (_pushfleet_admin_v1_PushToGroupRequest | null);
  'state': (_pushfleet_admin_v1_GroupPushState);
  /**
   * Why it is in this state, in words; empty where the state says it all.
   */
  'reason': (string);
  /**
   * Devices found so far; final once all were found.
   */
  'devices': (number);
  /**
   * Whether all devices of the group were found.
   */
  'allFound': (boolean);
  /**
   * How many devices stand at each outcome. Their sum is the number of commands that went out.
   */
  'counts': (_pushfleet_admin_v1_OutcomeCount)[];
  'startedAtMs': (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs': (number);
}
