// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type { NodeLoadInit as _pushfleet_admin_v1_NodeLoadInit, NodeLoad as _pushfleet_admin_v1_NodeLoad } from '../../../pushfleet/admin/v1/NodeLoad.ts';
import type { ActiveAlarmInit as _pushfleet_admin_v1_ActiveAlarmInit, ActiveAlarm as _pushfleet_admin_v1_ActiveAlarm } from '../../../pushfleet/admin/v1/ActiveAlarm.ts';

export interface OverviewInit {
  'sampleTimeMs'?: (number);
  /**
   * Links that are up, on all push servers that are not lost.
   */
  'links'?: (number);
  /**
   * How many they can hold.
   */
  'capacity'?: (number);
  /**
   * Load of the fullest push server that is ready as a multiple of the mean; 1: even, or no load at all.
   */
  'spread'?: (number | string);
  /**
   * The push servers that are registered, and those that are to run and are not; in the order of their ids.
   */
  'nodes'?: (_pushfleet_admin_v1_NodeLoadInit)[];
  /**
   * Commands that ended in the last seconds, by the name of their Outcome; absent: none. Durable ones that expired or were
   * superseded while they waited in the registry are not counted.
   */
  'commandsPerSecond'?: ({[key: string]: number | string});
  'alarms'?: (_pushfleet_admin_v1_ActiveAlarmInit)[];
}

export interface Overview {
  'sampleTimeMs': (number);
  /**
   * Links that are up, on all push servers that are not lost.
   */
  'links': (number);
  /**
   * How many they can hold.
   */
  'capacity': (number);
  /**
   * Load of the fullest push server that is ready as a multiple of the mean; 1: even, or no load at all.
   */
  'spread': (number);
  /**
   * The push servers that are registered, and those that are to run and are not; in the order of their ids.
   */
  'nodes': (_pushfleet_admin_v1_NodeLoad)[];
  /**
   * Commands that ended in the last seconds, by the name of their Outcome; absent: none. Durable ones that expired or were
   * superseded while they waited in the registry are not counted.
   */
  'commandsPerSecond': ({[key: string]: number});
  'alarms': (_pushfleet_admin_v1_ActiveAlarm)[];
}
