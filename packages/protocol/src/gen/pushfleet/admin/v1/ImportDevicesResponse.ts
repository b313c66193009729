// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { RowErrorInit as _pushfleet_admin_v1_RowErrorInit, RowError as _pushfleet_admin_v1_RowError } from '../../../pushfleet/admin/v1/RowError.ts';

export interface ImportDevicesResponseInit {
  'imported'?: (number);
  /**
   * The first 1,000.
   */
  'errors'?: (_pushfleet_admin_v1_RowErrorInit)[];
  'errorCount'?: (number);
}

export interface ImportDevicesResponse {
  'imported': (number);
  /**
   * The first 1,000.
   */
  'errors': (_pushfleet_admin_v1_RowError)[];
  'errorCount': (number);
}
