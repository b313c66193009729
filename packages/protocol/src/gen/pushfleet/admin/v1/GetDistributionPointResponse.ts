// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from '../../../pushfleet/admin/v1/DistributionPoint.ts';
import type { NodeInit as _pushfleet_admin_v1_NodeInit, Node as _pushfleet_admin_v1_Node } from '../../../pushfleet/admin/v1/Node.ts';

export interface GetDistributionPointResponseInit {
  'distributionPoint'?: (_pushfleet_admin_v1_DistributionPointInit | null);
  /**
   * Absent while no push server runs on it.
   */
  'node'?: (_pushfleet_admin_v1_NodeInit | null);
}

export interface GetDistributionPointResponse {
  'distributionPoint': (_pushfleet_admin_v1_DistributionPoint | null);
  /**
   * Absent while no push server runs on it.
   */
  'node': (_pushfleet_admin_v1_Node | null);
}
