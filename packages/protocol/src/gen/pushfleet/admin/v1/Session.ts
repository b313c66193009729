// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A device's live link.
 */
export interface SessionInit {
  'nodeId'?: (string);
  'workerId'?: (string);
  /**
   * "grpc" or "mqtt".
   */
  'link'?: (string);
  'epoch'?: (number | string | Long);
  'openedAtMs'?: (number);
}

/**
 * A device's live link.
 */
export interface Session {
  'nodeId': (string);
  'workerId': (string);
  /**
   * "grpc" or "mqtt".
   */
  'link': (string);
  'epoch': (number);
  'openedAtMs': (number);
}
