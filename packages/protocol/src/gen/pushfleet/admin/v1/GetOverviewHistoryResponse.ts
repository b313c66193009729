// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type { OverviewSampleInit as _pushfleet_admin_v1_OverviewSampleInit, OverviewSample as _pushfleet_admin_v1_OverviewSample } from '../../../pushfleet/admin/v1/OverviewSample.ts';

export interface GetOverviewHistoryResponseInit {
  /**
   * Time from one sample to the next.
   */
  'intervalMs'?: (number);
  /**
   * Oldest first.
   */
  'samples'?: (_pushfleet_admin_v1_OverviewSampleInit)[];
}

export interface GetOverviewHistoryResponse {
  /**
   * Time from one sample to the next.
   */
  'intervalMs': (number);
  /**
   * Oldest first.
   */
  'samples': (_pushfleet_admin_v1_OverviewSample)[];
}
