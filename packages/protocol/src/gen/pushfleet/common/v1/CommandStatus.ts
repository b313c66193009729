// Original file: proto/pushfleet/common/v1/outcome.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';
import type { ProgressInit as _pushfleet_common_v1_ProgressInit, Progress as _pushfleet_common_v1_Progress } from '../../../pushfleet/common/v1/Progress.ts';
import type { StatisticsInit as _pushfleet_common_v1_StatisticsInit, Statistics as _pushfleet_common_v1_Statistics } from '../../../pushfleet/common/v1/Statistics.ts';

/**
 * Where a command stands.
 */
export interface CommandStatusInit {
  'outcome'?: (_pushfleet_common_v1_OutcomeInit);
  /**
   * Why, in words; empty where the outcome says it all.
   */
  'reason'?: (string);
  /**
   * What the device answered with its result. At most 1 MiB.
   */
  'output'?: (Buffer | Uint8Array | string);
  /**
   * What the device said last of a command that runs.
   */
  'progress'?: (_pushfleet_common_v1_ProgressInit | null);
  /**
   * Of get_statistics: the last ones.
   */
  'statistics'?: (_pushfleet_common_v1_StatisticsInit | null);
  /**
   * Of stop_task: the task had ended before.
   */
  'alreadyEnded'?: (boolean);
  /**
   * CancelCommand came too late to keep the command from the device, which has been or will be told to give it up.
   */
  'cancelRequested'?: (boolean);
  /**
   * When the outcome was reached: by the balancer's clock, of durable commands by the registry's.
   */
  'atMs'?: (number);
}

/**
 * Where a command stands.
 */
export interface CommandStatus {
  'outcome': (_pushfleet_common_v1_Outcome);
  /**
   * Why, in words; empty where the outcome says it all.
   */
  'reason': (string);
  /**
   * What the device answered with its result. At most 1 MiB.
   */
  'output': (Buffer);
  /**
   * What the device said last of a command that runs.
   */
  'progress': (_pushfleet_common_v1_Progress | null);
  /**
   * Of get_statistics: the last ones.
   */
  'statistics': (_pushfleet_common_v1_Statistics | null);
  /**
   * Of stop_task: the task had ended before.
   */
  'alreadyEnded': (boolean);
  /**
   * CancelCommand came too late to keep the command from the device, which has been or will be told to give it up.
   */
  'cancelRequested': (boolean);
  /**
   * When the outcome was reached: by the balancer's clock, of durable commands by the registry's.
   */
  'atMs': (number);
}
