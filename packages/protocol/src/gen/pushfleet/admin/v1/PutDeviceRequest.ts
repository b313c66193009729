// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceInit as _pushfleet_admin_v1_DeviceInit, Device as _pushfleet_admin_v1_Device } from '../../../pushfleet/admin/v1/Device.ts';

export interface PutDeviceRequestInit {
  'device'?: (_pushfleet_admin_v1_DeviceInit | null);
  /**
   * The device's secret, 16 to 256 bytes. Only a salted hash of it is kept. Empty: an existing device keeps its
   * secret, a new one is refused.
   */
  'secret'?: (string);
}

export interface PutDeviceRequest {
  'device': (_pushfleet_admin_v1_Device | null);
  /**
   * The device's secret, 16 to 256 bytes. Only a salted hash of it is kept. Empty: an existing device keeps its
   * secret, a new one is refused.
   */
  'secret': (string);
}
