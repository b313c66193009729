// Original file: proto/pushfleet/common/v1/outcome.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';
import type { Long } from '@grpc/proto-loader';

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
   * When the outcome was reached, in milliseconds since the Unix epoch, by the balancer's clock.
   */
  'atMs'?: (number | string | Long);
  /**
   * What the device answered with its result. At most 1 MiB.
   */
  'output'?: (Buffer | Uint8Array | string);
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
   * When the outcome was reached, in milliseconds since the Unix epoch, by the balancer's clock.
   */
  'atMs': (number);
  /**
   * What the device answered with its result. At most 1 MiB.
   */
  'output': (Buffer);
}
