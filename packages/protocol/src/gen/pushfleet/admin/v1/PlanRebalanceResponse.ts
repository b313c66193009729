// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RebalanceMoveInit as _pushfleet_admin_v1_RebalanceMoveInit, RebalanceMove as _pushfleet_admin_v1_RebalanceMove } from '../../../pushfleet/admin/v1/RebalanceMove.ts';

export interface PlanRebalanceResponseInit {
  'moves'?: (_pushfleet_admin_v1_RebalanceMoveInit)[];
  /**
   * Largest load divided by the mean, now.
   */
  'largestToMean'?: (number | string);
}

export interface PlanRebalanceResponse {
  'moves': (_pushfleet_admin_v1_RebalanceMove)[];
  /**
   * Largest load divided by the mean, now.
   */
  'largestToMean': (number);
}
