// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RebalanceStateInit as _pushfleet_admin_v1_RebalanceStateInit, RebalanceState as _pushfleet_admin_v1_RebalanceState } from '../../../pushfleet/admin/v1/RebalanceState.ts';
import type { RebalanceMoveInit as _pushfleet_admin_v1_RebalanceMoveInit, RebalanceMove as _pushfleet_admin_v1_RebalanceMove } from '../../../pushfleet/admin/v1/RebalanceMove.ts';
import type { RebalanceCauseInit as _pushfleet_admin_v1_RebalanceCauseInit, RebalanceCause as _pushfleet_admin_v1_RebalanceCause } from '../../../pushfleet/admin/v1/RebalanceCause.ts';

export interface RebalanceInit {
  'rebalanceId'?: (string);
  'state'?: (_pushfleet_admin_v1_RebalanceStateInit);
  'moves'?: (_pushfleet_admin_v1_RebalanceMoveInit)[];
  /**
   * Why it was started.
   */
  'cause'?: (_pushfleet_admin_v1_RebalanceCauseInit);
  'startedAtMs'?: (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs'?: (number);
}

export interface Rebalance {
  'rebalanceId': (string);
  'state': (_pushfleet_admin_v1_RebalanceState);
  'moves': (_pushfleet_admin_v1_RebalanceMove)[];
  /**
   * Why it was started.
   */
  'cause': (_pushfleet_admin_v1_RebalanceCause);
  'startedAtMs': (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs': (number);
}
