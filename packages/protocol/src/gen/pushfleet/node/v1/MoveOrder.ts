// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from '../../../pushfleet/device/v1/Server.ts';

/**
 * Some of this worker's devices belong on another push server.
 */
export interface MoveOrderInit {
  'moveId'?: (string);
  /**
   * Where they go. A place is reserved there for each before it is told. Absent, for devices that are named: they ask
   * a balancer.
   */
  'target'?: (_pushfleet_device_v1_ServerInit | null);
  /**
   * How many, of those that the worker chooses; 0: those that are named.
   */
  'devices'?: (number);
  'deviceIds'?: (string)[];
  'ratePerSecond'?: (number);
}

/**
 * Some of this worker's devices belong on another push server.
 */
export interface MoveOrder {
  'moveId': (string);
  /**
   * Where they go. A place is reserved there for each before it is told. Absent, for devices that are named: they ask
   * a balancer.
   */
  'target': (_pushfleet_device_v1_Server | null);
  /**
   * How many, of those that the worker chooses; 0: those that are named.
   */
  'devices': (number);
  'deviceIds': (string)[];
  'ratePerSecond': (number);
}
