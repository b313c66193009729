// Original file: proto/pushfleet/device/v1/device_link.proto

import type { StatisticsInit as _pushfleet_common_v1_StatisticsInit, Statistics as _pushfleet_common_v1_Statistics } from '../../../pushfleet/common/v1/Statistics.ts';

export interface SucceededInit {
  /**
   * At most 1 MiB.
   */
  'output'?: (Buffer | Uint8Array | string);
  /**
   * Of get_statistics.
   */
  'statistics'?: (_pushfleet_common_v1_StatisticsInit | null);
  /**
   * Of stop_task: the task had ended before.
   */
  'alreadyEnded'?: (boolean);
}

export interface Succeeded {
  /**
   * At most 1 MiB.
   */
  'output': (Buffer);
  /**
   * Of get_statistics.
   */
  'statistics': (_pushfleet_common_v1_Statistics | null);
  /**
   * Of stop_task: the task had ended before.
   */
  'alreadyEnded': (boolean);
}
