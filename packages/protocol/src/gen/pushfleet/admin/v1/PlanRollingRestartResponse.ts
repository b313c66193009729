// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RollingRestartStepInit as _pushfleet_admin_v1_RollingRestartStepInit, RollingRestartStep as _pushfleet_admin_v1_RollingRestartStep } from '../../../pushfleet/admin/v1/RollingRestartStep.ts';

export interface PlanRollingRestartResponseInit {
  /**
   * In the order in which they would restart; those that are left out come last, disabled ones not at all.
   */
  'steps'?: (_pushfleet_admin_v1_RollingRestartStepInit)[];
  /**
   * Why StartRollingRestart would refuse, for people; empty: it would begin.
   */
  'obstacle'?: (string);
}

export interface PlanRollingRestartResponse {
  /**
   * In the order in which they would restart; those that are left out come last, disabled ones not at all.
   */
  'steps': (_pushfleet_admin_v1_RollingRestartStep)[];
  /**
   * Why StartRollingRestart would refuse, for people; empty: it would begin.
   */
  'obstacle': (string);
}
