// Original file: proto/pushfleet/common/v1/operation.proto

import type { ForceSyncInit as _pushfleet_common_v1_ForceSyncInit, ForceSync as _pushfleet_common_v1_ForceSync } from '../../../pushfleet/common/v1/ForceSync.ts';
import type { RunTaskInit as _pushfleet_common_v1_RunTaskInit, RunTask as _pushfleet_common_v1_RunTask } from '../../../pushfleet/common/v1/RunTask.ts';
import type { StopTaskInit as _pushfleet_common_v1_StopTaskInit, StopTask as _pushfleet_common_v1_StopTask } from '../../../pushfleet/common/v1/StopTask.ts';
import type { GetStatisticsInit as _pushfleet_common_v1_GetStatisticsInit, GetStatistics as _pushfleet_common_v1_GetStatistics } from '../../../pushfleet/common/v1/GetStatistics.ts';
import type { OpenTunnelInit as _pushfleet_common_v1_OpenTunnelInit, OpenTunnel as _pushfleet_common_v1_OpenTunnel } from '../../../pushfleet/common/v1/OpenTunnel.ts';
import type { CustomInit as _pushfleet_common_v1_CustomInit, Custom as _pushfleet_common_v1_Custom } from '../../../pushfleet/common/v1/Custom.ts';

/**
 * One thing a device is told to do.
 */
export interface OperationInit {
  'forceSync'?: (_pushfleet_common_v1_ForceSyncInit | null);
  'runTask'?: (_pushfleet_common_v1_RunTaskInit | null);
  'stopTask'?: (_pushfleet_common_v1_StopTaskInit | null);
  'getStatistics'?: (_pushfleet_common_v1_GetStatisticsInit | null);
  /**
   * Only from balancers: an Administration Server calls TunnelService.Open.
   */
  'openTunnel'?: (_pushfleet_common_v1_OpenTunnelInit | null);
  'custom'?: (_pushfleet_common_v1_CustomInit | null);
  'kind'?: "forceSync"|"runTask"|"stopTask"|"getStatistics"|"openTunnel"|"custom";
}

/**
 * One thing a device is told to do.
 */
export interface Operation {
  'forceSync'?: (_pushfleet_common_v1_ForceSync | null);
  'runTask'?: (_pushfleet_common_v1_RunTask | null);
  'stopTask'?: (_pushfleet_common_v1_StopTask | null);
  'getStatistics'?: (_pushfleet_common_v1_GetStatistics | null);
  /**
   * Only from balancers: an Administration Server calls TunnelService.Open.
   */
  'openTunnel'?: (_pushfleet_common_v1_OpenTunnel | null);
  'custom'?: (_pushfleet_common_v1_Custom | null);
  'kind'?: "forceSync"|"runTask"|"stopTask"|"getStatistics"|"openTunnel"|"custom";
}
