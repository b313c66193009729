// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RollingRestartStepStateInit as _pushfleet_admin_v1_RollingRestartStepStateInit, RollingRestartStepState as _pushfleet_admin_v1_RollingRestartStepState } from '../../../pushfleet/admin/v1/RollingRestartStepState.ts';

/**
 * One push server of a rolling restart.
 */
export interface RollingRestartStepInit {
  'nodeId'?: (string);
  'state'?: (_pushfleet_admin_v1_RollingRestartStepStateInit);
  /**
   * Why it failed or was left out; for people.
   */
  'reason'?: (string);
  /**
   * Devices expected to leave it when it was planned: its own, and those that had come from the ones before it.
   */
  'devices'?: (number);
  /**
   * Devices for which other push servers were expected to have room then.
   */
  'room'?: (number);
  /**
   * Devices that were told where to go.
   */
  'moved'?: (number);
  /**
   * Links that are still up while they are told.
   */
  'remaining'?: (number);
  /**
   * Absent until its turn.
   */
  'startedAtMs'?: (number);
  /**
   * Absent until it is ready, has failed or was left out.
   */
  'endedAtMs'?: (number);
}

/**
 * One push server of a rolling restart.
 */
export interface RollingRestartStep {
  'nodeId': (string);
  'state': (_pushfleet_admin_v1_RollingRestartStepState);
  /**
   * Why it failed or was left out; for people.
   */
  'reason': (string);
  /**
   * Devices expected to leave it when it was planned: its own, and those that had come from the ones before it.
   */
  'devices': (number);
  /**
   * Devices for which other push servers were expected to have room then.
   */
  'room': (number);
  /**
   * Devices that were told where to go.
   */
  'moved': (number);
  /**
   * Links that are still up while they are told.
   */
  'remaining': (number);
  /**
   * Absent until its turn.
   */
  'startedAtMs': (number);
  /**
   * Absent until it is ready, has failed or was left out.
   */
  'endedAtMs': (number);
}
