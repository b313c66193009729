// Original file: proto/pushfleet/device/v1/assignment.proto

import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from '../../../pushfleet/device/v1/Server.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Periods and the one time are milliseconds here, as in the JSON form of the answer: the smallest of devices take them without
 * a calendar.
 */
export interface AssignResponseInit {
  /**
   * Where a place is reserved for the device, for `reserved_for_ms`.
   */
  'primary'?: (_pushfleet_device_v1_ServerInit | null);
  /**
   * Where else the ticket is good, best first.
   */
  'backups'?: (_pushfleet_device_v1_ServerInit)[];
  /**
   * A signed token (JWT, EdDSA) that names the device and the push servers above.
   */
  'ticket'?: (string);
  /**
   * In milliseconds since the Unix epoch, by the balancer's clock.
   */
  'ticketExpiresAtMs'?: (number | string | Long);
  /**
   * How long the ticket is good from now, for devices whose clock is wrong.
   */
  'ticketLifetimeMs'?: (number);
  'reservedForMs'?: (number);
}

/**
 * Periods and the one time are milliseconds here, as in the JSON form of the answer: the smallest of devices take them without
 * a calendar.
 */
export interface AssignResponse {
  /**
   * Where a place is reserved for the device, for `reserved_for_ms`.
   */
  'primary': (_pushfleet_device_v1_Server | null);
  /**
   * Where else the ticket is good, best first.
   */
  'backups': (_pushfleet_device_v1_Server)[];
  /**
   * A signed token (JWT, EdDSA) that names the device and the push servers above.
   */
  'ticket': (string);
  /**
   * In milliseconds since the Unix epoch, by the balancer's clock.
   */
  'ticketExpiresAtMs': (number);
  /**
   * How long the ticket is good from now, for devices whose clock is wrong.
   */
  'ticketLifetimeMs': (number);
  'reservedForMs': (number);
}
