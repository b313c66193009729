// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The device was removed, given another secret, or disconnected: its links that came with earlier tickets are to be closed,
 * and its tunnels.
 */
export interface VoidTicketsInit {
  'deviceId'?: (string);
  /**
   * Of the first ticket that is good again.
   */
  'generation'?: (number | string | Long);
}

/**
 * The device was removed, given another secret, or disconnected: its links that came with earlier tickets are to be closed,
 * and its tunnels.
 */
export interface VoidTickets {
  'deviceId': (string);
  /**
   * Of the first ticket that is good again.
   */
  'generation': (number);
}
