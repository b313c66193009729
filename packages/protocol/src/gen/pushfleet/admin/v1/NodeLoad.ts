// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type { NodeStatusInit as _pushfleet_admin_v1_NodeStatusInit, NodeStatus as _pushfleet_admin_v1_NodeStatus } from '../../../pushfleet/admin/v1/NodeStatus.ts';
import type { NodeConditionInit as _pushfleet_admin_v1_NodeConditionInit, NodeCondition as _pushfleet_admin_v1_NodeCondition } from '../../../pushfleet/admin/v1/NodeCondition.ts';

/**
 * One push server.
 */
export interface NodeLoadInit {
  'nodeId'?: (string);
  'distributionPointId'?: (string);
  /**
   * UNSPECIFIED: it is not registered.
   */
  'status'?: (_pushfleet_admin_v1_NodeStatusInit);
  'live'?: (number);
  'capacity'?: (number);
  'conditions'?: (_pushfleet_admin_v1_NodeConditionInit)[];
  /**
   * Places kept for devices that were assigned and have not come yet.
   */
  'reserved'?: (number);
  /**
   * How much of the load it gets beside others of the same size, in percent.
   */
  'weight'?: (number);
}

/**
 * One push server.
 */
export interface NodeLoad {
  'nodeId': (string);
  'distributionPointId': (string);
  /**
   * UNSPECIFIED: it is not registered.
   */
  'status': (_pushfleet_admin_v1_NodeStatus);
  'live': (number);
  'capacity': (number);
  'conditions': (_pushfleet_admin_v1_NodeCondition)[];
  /**
   * Places kept for devices that were assigned and have not come yet.
   */
  'reserved': (number);
  /**
   * How much of the load it gets beside others of the same size, in percent.
   */
  'weight': (number);
}
