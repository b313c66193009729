// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { PushServerSettingsInit as _pushfleet_admin_v1_PushServerSettingsInit, PushServerSettings as _pushfleet_admin_v1_PushServerSettings } from '../../../pushfleet/admin/v1/PushServerSettings.ts';

export interface DistributionPointInit {
  'distributionPointId'?: (string);
  /**
   * The scope: paths of groups, subgroups included. At least one.
   */
  'groups'?: (string)[];
  'pushServer'?: (_pushfleet_admin_v1_PushServerSettingsInit | null);
  /**
   * What its settings are, opaque. In a Put: the etag that they must have, or ABORTED (ETAG_MISMATCH) and nothing is changed;
   * empty: whatever they are.
   */
  'etag'?: (string);
}

export interface DistributionPoint {
  'distributionPointId': (string);
  /**
   * The scope: paths of groups, subgroups included. At least one.
   */
  'groups': (string)[];
  'pushServer': (_pushfleet_admin_v1_PushServerSettings | null);
  /**
   * What its settings are, opaque. In a Put: the etag that they must have, or ABORTED (ETAG_MISMATCH) and nothing is changed;
   * empty: whatever they are.
   */
  'etag': (string);
}
