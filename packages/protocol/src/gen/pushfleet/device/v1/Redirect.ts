// Original file: proto/pushfleet/device/v1/device_link.proto

import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from '../../../pushfleet/device/v1/Server.ts';

/**
 * The device belongs elsewhere.
 */
export interface RedirectInit {
  /**
   * Where a place is reserved for it. Absent: ask a balancer.
   */
  'server'?: (_pushfleet_device_v1_ServerInit | null);
  /**
   * Name of the close reason, as in the trailer `pushfleet-close-reason`.
   */
  'reason'?: (string);
}

/**
 * The device belongs elsewhere.
 */
export interface Redirect {
  /**
   * Where a place is reserved for it. Absent: ask a balancer.
   */
  'server': (_pushfleet_device_v1_Server | null);
  /**
   * Name of the close reason, as in the trailer `pushfleet-close-reason`.
   */
  'reason': (string);
}
