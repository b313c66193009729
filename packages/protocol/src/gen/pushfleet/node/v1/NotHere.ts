// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

/**
 * This worker does not hold the session that the route named. Nothing was sent.
 */
export interface NotHereInit {
  /**
   * The epoch of the session that it does hold; 0: none.
   */
  'epoch'?: (number | string | Long);
}

/**
 * This worker does not hold the session that the route named. Nothing was sent.
 */
export interface NotHere {
  /**
   * The epoch of the session that it does hold; 0: none.
   */
  'epoch': (number);
}
