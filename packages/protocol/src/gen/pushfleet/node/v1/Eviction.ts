// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

export interface EvictionInit {
  'deviceId'?: (string);
  /**
   * Sessions with this epoch or a lower one are closed as taken over.
   */
  'epoch'?: (number | string | Long);
}

export interface Eviction {
  'deviceId': (string);
  /**
   * Sessions with this epoch or a lower one are closed as taken over.
   */
  'epoch': (number);
}
