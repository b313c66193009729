// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RollingRestartStateInit as _pushfleet_admin_v1_RollingRestartStateInit, RollingRestartState as _pushfleet_admin_v1_RollingRestartState } from '../../../pushfleet/admin/v1/RollingRestartState.ts';
import type { RollingRestartStepInit as _pushfleet_admin_v1_RollingRestartStepInit, RollingRestartStep as _pushfleet_admin_v1_RollingRestartStep } from '../../../pushfleet/admin/v1/RollingRestartStep.ts';

export interface RollingRestartInit {
  'rollingRestartId'?: (string);
  'state'?: (_pushfleet_admin_v1_RollingRestartStateInit);
  /**
   * Why it failed; for people.
   */
  'reason'?: (string);
  /**
   * In their order.
   */
  'steps'?: (_pushfleet_admin_v1_RollingRestartStepInit)[];
  'startedAtMs'?: (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs'?: (number);
}

export interface RollingRestart {
  'rollingRestartId': (string);
  'state': (_pushfleet_admin_v1_RollingRestartState);
  /**
   * Why it failed; for people.
   */
  'reason': (string);
  /**
   * In their order.
   */
  'steps': (_pushfleet_admin_v1_RollingRestartStep)[];
  'startedAtMs': (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs': (number);
}
