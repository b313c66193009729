// Original file: proto/pushfleet/admin/v1/event_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What an audit wants to know of a tunnel.
 */
export interface TunnelRecordInit {
  'tunnelId'?: (string);
  /**
   * `host:port`, as seen from the device.
   */
  'target'?: (string);
  /**
   * Of a tunnel that has ended.
   */
  'bytesToDevice'?: (number | string | Long);
  'bytesFromDevice'?: (number | string | Long);
}

/**
 * What an audit wants to know of a tunnel.
 */
export interface TunnelRecord {
  'tunnelId': (string);
  /**
   * `host:port`, as seen from the device.
   */
  'target': (string);
  /**
   * Of a tunnel that has ended.
   */
  'bytesToDevice': (number);
  'bytesFromDevice': (number);
}
