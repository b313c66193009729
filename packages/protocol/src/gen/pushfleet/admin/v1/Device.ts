// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { SessionInit as _pushfleet_admin_v1_SessionInit, Session as _pushfleet_admin_v1_Session } from '../../../pushfleet/admin/v1/Session.ts';

export interface DeviceInit {
  'deviceId'?: (string);
  /**
   * Path of its administration group.
   */
  'group'?: (string);
  /**
   * Output only; absent while the device is away.
   */
  'session'?: (_pushfleet_admin_v1_SessionInit | null);
}

export interface Device {
  'deviceId': (string);
  /**
   * Path of its administration group.
   */
  'group': (string);
  /**
   * Output only; absent while the device is away.
   */
  'session': (_pushfleet_admin_v1_Session | null);
}
