// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { NodeStatusInit as _pushfleet_admin_v1_NodeStatusInit, NodeStatus as _pushfleet_admin_v1_NodeStatus } from '../../../pushfleet/admin/v1/NodeStatus.ts';
import type { WorkerInit as _pushfleet_admin_v1_WorkerInit, Worker as _pushfleet_admin_v1_Worker } from '../../../pushfleet/admin/v1/Worker.ts';
import type { NodeProblemInit as _pushfleet_admin_v1_NodeProblemInit, NodeProblem as _pushfleet_admin_v1_NodeProblem } from '../../../pushfleet/admin/v1/NodeProblem.ts';

/**
 * A push server: the process family on a distribution point that holds device links.
 */
export interface NodeInit {
  /**
   * The id of its distribution point.
   */
  'nodeId'?: (string);
  'status'?: (_pushfleet_admin_v1_NodeStatusInit);
  'address'?: (string);
  'port'?: (number);
  /**
   * Links that are up.
   */
  'live'?: (number);
  /**
   * Places kept for devices that were assigned and have not come yet.
   */
  'reserved'?: (number);
  'capacity'?: (number);
  'workers'?: (_pushfleet_admin_v1_WorkerInit)[];
  'bootId'?: (string);
  /**
   * Since its last heartbeat.
   */
  'silentForMs'?: (number);
  /**
   * What is wrong with the push server: what keeps it from being as its settings want it, e.g. PORT_IN_USE while it serves
   * on its former port, or what balancers found when they tried it as commands and devices come to it. UNSPECIFIED: nothing.
   */
  'problem'?: (_pushfleet_admin_v1_NodeProblemInit);
  /**
   * What exactly, and what would be right; for people.
   */
  'problemDetail'?: (string);
  'weight'?: (number);
  /**
   * How many new devices it can take in a second, as it has measured: devices that come at once get their turns accordingly.
   */
  'acceptsPerSecond'?: (number);
}

/**
 * A push server: the process family on a distribution point that holds device links.
 */
export interface Node {
  /**
   * The id of its distribution point.
   */
  'nodeId': (string);
  'status': (_pushfleet_admin_v1_NodeStatus);
  'address': (string);
  'port': (number);
  /**
   * Links that are up.
   */
  'live': (number);
  /**
   * Places kept for devices that were assigned and have not come yet.
   */
  'reserved': (number);
  'capacity': (number);
  'workers': (_pushfleet_admin_v1_Worker)[];
  'bootId': (string);
  /**
   * Since its last heartbeat.
   */
  'silentForMs': (number);
  /**
   * What is wrong with the push server: what keeps it from being as its settings want it, e.g. PORT_IN_USE while it serves
   * on its former port, or what balancers found when they tried it as commands and devices come to it. UNSPECIFIED: nothing.
   */
  'problem': (_pushfleet_admin_v1_NodeProblem);
  /**
   * What exactly, and what would be right; for people.
   */
  'problemDetail': (string);
  'weight': (number);
  /**
   * How many new devices it can take in a second, as it has measured: devices that come at once get their turns accordingly.
   */
  'acceptsPerSecond': (number);
}
