// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type { OverviewInit as _pushfleet_admin_v1_OverviewInit, Overview as _pushfleet_admin_v1_Overview } from '../../../pushfleet/admin/v1/Overview.ts';

export interface GetOverviewResponseInit {
  'overview'?: (_pushfleet_admin_v1_OverviewInit | null);
}

export interface GetOverviewResponse {
  'overview': (_pushfleet_admin_v1_Overview | null);
}
