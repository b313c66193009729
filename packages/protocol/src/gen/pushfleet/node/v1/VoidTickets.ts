// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Closes the links and tunnels of a device that came with tickets of earlier generations, because the device was removed,
 * given another secret, or disconnected.
 */
export interface VoidTicketsInit {
  'deviceId'?: (string);
  /**
   * Generation of the first ticket that is valid again.
   */
  'generation'?: (number | string | Long);
}

/**
 * Closes the links and tunnels of a device that came with tickets of earlier generations, because the device was removed,
 * given another secret, or disconnected.
 */
export interface VoidTickets {
  'deviceId': (string);
  /**
   * Generation of the first ticket that is valid again.
   */
  'generation': (number);
}
