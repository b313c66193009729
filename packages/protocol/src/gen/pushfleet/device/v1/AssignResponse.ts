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
  /**
   * From now on. Whoever comes later may find the place taken.
   */
  'reservedForMs'?: (number);
  /**
   * How long the device waits before it connects: its turn, where many devices come at once. Always there, 0 where nothing
   * stands in the way. A device that comes earlier may be closed before TLS where many do, or find no room; one that comes later
   * loses nothing for as long as its place is reserved.
   */
  'connectAfterMs'?: (number);
  /**
   * Where the primary is lost while the device is linked to it, and cannot be reached again: the device goes to a backup, without asking, at a
   * random moment within this time, in which the backups can take all devices of the primary. 0: there is no need to wait.
   */
  'returnWithinMs'?: (number);
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
  /**
   * From now on. Whoever comes later may find the place taken.
   */
  'reservedForMs': (number);
  /**
   * How long the device waits before it connects: its turn, where many devices come at once. Always there, 0 where nothing
   * stands in the way. A device that comes earlier may be closed before TLS where many do, or find no room; one that comes later
   * loses nothing for as long as its place is reserved.
   */
  'connectAfterMs': (number);
  /**
   * Where the primary is lost while the device is linked to it, and cannot be reached again: the device goes to a backup, without asking, at a
   * random moment within this time, in which the backups can take all devices of the primary. 0: there is no need to wait.
   */
  'returnWithinMs': (number);
}
