// Original file: proto/pushfleet/device/v1/device_link.proto

import type { ProgressInit as _pushfleet_common_v1_ProgressInit, Progress as _pushfleet_common_v1_Progress } from '../../../pushfleet/common/v1/Progress.ts';
import type { StatisticsInit as _pushfleet_common_v1_StatisticsInit, Statistics as _pushfleet_common_v1_Statistics } from '../../../pushfleet/common/v1/Statistics.ts';

/**
 * Said again after the link broke, it tells that the command still runs.
 */
export interface RunningInit {
  'progress'?: (_pushfleet_common_v1_ProgressInit | null);
  /**
   * Of a get_statistics with an interval.
   */
  'statistics'?: (_pushfleet_common_v1_StatisticsInit | null);
}

/**
 * Said again after the link broke, it tells that the command still runs.
 */
export interface Running {
  'progress': (_pushfleet_common_v1_Progress | null);
  /**
   * Of a get_statistics with an interval.
   */
  'statistics': (_pushfleet_common_v1_Statistics | null);
}
