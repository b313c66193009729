// Original file: proto/pushfleet/common/v1/operation.proto

import type { ForceSyncInit as _pushfleet_common_v1_ForceSyncInit, ForceSync as _pushfleet_common_v1_ForceSync } from '../../../pushfleet/common/v1/ForceSync.ts';
import type { CustomInit as _pushfleet_common_v1_CustomInit, Custom as _pushfleet_common_v1_Custom } from '../../../pushfleet/common/v1/Custom.ts';

/**
 * One thing a device is told to do.
 */
export interface OperationInit {
  'forceSync'?: (_pushfleet_common_v1_ForceSyncInit | null);
  'custom'?: (_pushfleet_common_v1_CustomInit | null);
  'kind'?: "forceSync"|"custom";
}

/**
 * One thing a device is told to do.
 */
export interface Operation {
  'forceSync'?: (_pushfleet_common_v1_ForceSync | null);
  'custom'?: (_pushfleet_common_v1_Custom | null);
  'kind'?: "forceSync"|"custom";
}
