// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from '../../../pushfleet/device/v1/Server.ts';

/**
 * Redirects some of this worker's devices to another push server.
 */
export interface RedirectRequestInit {
  'redirectId'?: (string);
  /**
   * The push server that the devices go to. A place is reserved there for each device before it is redirected. Absent, with
   * device_ids alone: the devices ask a balancer.
   */
  'target'?: (_pushfleet_device_v1_ServerInit | null);
  /**
   * Number of devices, chosen by the worker; 0: those of device_ids.
   */
  'deviceCount'?: (number);
  'deviceIds'?: (string)[];
  'ratePerSecond'?: (number);
}

/**
 * Redirects some of this worker's devices to another push server.
 */
export interface RedirectRequest {
  'redirectId': (string);
  /**
   * The push server that the devices go to. A place is reserved there for each device before it is redirected. Absent, with
   * device_ids alone: the devices ask a balancer.
   */
  'target': (_pushfleet_device_v1_Server | null);
  /**
   * Number of devices, chosen by the worker; 0: those of device_ids.
   */
  'deviceCount': (number);
  'deviceIds': (string)[];
  'ratePerSecond': (number);
}
