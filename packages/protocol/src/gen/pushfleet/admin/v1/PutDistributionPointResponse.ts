// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from '../../../pushfleet/admin/v1/DistributionPoint.ts';

export interface PutDistributionPointResponseInit {
  'distributionPoint'?: (_pushfleet_admin_v1_DistributionPointInit | null);
}

export interface PutDistributionPointResponse {
  'distributionPoint': (_pushfleet_admin_v1_DistributionPoint | null);
}
