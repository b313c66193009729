// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RebalanceInit as _pushfleet_admin_v1_RebalanceInit, Rebalance as _pushfleet_admin_v1_Rebalance } from '../../../pushfleet/admin/v1/Rebalance.ts';

export interface AbortRebalanceResponseInit {
  'rebalance'?: (_pushfleet_admin_v1_RebalanceInit | null);
}

export interface AbortRebalanceResponse {
  'rebalance': (_pushfleet_admin_v1_Rebalance | null);
}
