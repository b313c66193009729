// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

export interface EvictionInit {
  'deviceId'?: (string);
  /**
   * Sessions with this epoch or a lower one are closed as taken over.
   */
  'epoch'?: (number | string | Long);
  /**
   * The newer link was gone before its session was open: whoever is connected may come back, and is not told that it was taken over.
   */
  'newerIsGone'?: (boolean);
}

export interface Eviction {
  'deviceId': (string);
  /**
   * Sessions with this epoch or a lower one are closed as taken over.
   */
  'epoch': (number);
  /**
   * The newer link was gone before its session was open: whoever is connected may come back, and is not told that it was taken over.
   */
  'newerIsGone': (boolean);
}
