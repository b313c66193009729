// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from '../../../pushfleet/admin/v1/DistributionPoint.ts';

export interface ListDistributionPointsResponseInit {
  'distributionPoints'?: (_pushfleet_admin_v1_DistributionPointInit)[];
}

export interface ListDistributionPointsResponse {
  'distributionPoints': (_pushfleet_admin_v1_DistributionPoint)[];
}
