// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { GroupPushDeliveryInit as _pushfleet_admin_v1_GroupPushDeliveryInit, GroupPushDelivery as _pushfleet_admin_v1_GroupPushDelivery } from '../../../pushfleet/admin/v1/GroupPushDelivery.ts';
import type { GroupPushPaceInit as _pushfleet_admin_v1_GroupPushPaceInit, GroupPushPace as _pushfleet_admin_v1_GroupPushPace } from '../../../pushfleet/admin/v1/GroupPushPace.ts';

export interface PushToGroupRequestInit {
  /**
   * Path of a group; empty: all devices.
   */
  'group'?: (string);
  /**
   * Leave out devices of the group's subgroups.
   */
  'excludeSubgroups'?: (boolean);
  /**
   * Only devices that have all of these labels.
   */
  'labels'?: ({[key: string]: string});
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'delivery'?: (_pushfleet_admin_v1_GroupPushDeliveryInit | null);
  'pace'?: (_pushfleet_admin_v1_GroupPushPaceInit | null);
  /**
   * At most 128 bytes. A second group push with the same key, while the first is kept, is not accepted: the answer is
   * the first. One that asks for something else is refused: ALREADY_EXISTS.
   */
  'idempotencyKey'?: (string);
}

export interface PushToGroupRequest {
  /**
   * Path of a group; empty: all devices.
   */
  'group': (string);
  /**
   * Leave out devices of the group's subgroups.
   */
  'excludeSubgroups': (boolean);
  /**
   * Only devices that have all of these labels.
   */
  'labels': ({[key: string]: string});
  'operation': (_pushfleet_common_v1_Operation | null);
  'delivery': (_pushfleet_admin_v1_GroupPushDelivery | null);
  'pace': (_pushfleet_admin_v1_GroupPushPace | null);
  /**
   * At most 128 bytes. A second group push with the same key, while the first is kept, is not accepted: the answer is
   * the first. One that asks for something else is refused: ALREADY_EXISTS.
   */
  'idempotencyKey': (string);
}
