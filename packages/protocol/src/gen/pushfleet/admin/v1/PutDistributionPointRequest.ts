// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from '../../../pushfleet/admin/v1/DistributionPoint.ts';
import type { FieldMaskInit as _google_protobuf_FieldMaskInit, FieldMask as _google_protobuf_FieldMask } from '../../../google/protobuf/FieldMask.ts';

export interface PutDistributionPointRequestInit {
  'distributionPoint'?: (_pushfleet_admin_v1_DistributionPointInit | null);
  /**
   * Only these fields are replaced, of a distribution point that exists: `groups`, `push_server` or a field of it, as
   * `push_server.enabled`. Absent, or `*`: all.
   */
  'updateMask'?: (_google_protobuf_FieldMaskInit | null);
}

export interface PutDistributionPointRequest {
  'distributionPoint': (_pushfleet_admin_v1_DistributionPoint | null);
  /**
   * Only these fields are replaced, of a distribution point that exists: `groups`, `push_server` or a field of it, as
   * `push_server.enabled`. Absent, or `*`: all.
   */
  'updateMask': (_google_protobuf_FieldMask | null);
}
