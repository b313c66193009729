// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from '../../../pushfleet/admin/v1/DistributionPoint.ts';

export interface ListDistributionPointsResponseInit {
  'distributionPoints'?: (_pushfleet_admin_v1_DistributionPointInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListDistributionPointsResponse {
  'distributionPoints': (_pushfleet_admin_v1_DistributionPoint)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
