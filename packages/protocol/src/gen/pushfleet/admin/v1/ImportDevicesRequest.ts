// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceInit as _pushfleet_admin_v1_DeviceInit, Device as _pushfleet_admin_v1_Device } from '../../../pushfleet/admin/v1/Device.ts';

export interface ImportDevicesRequestInit {
  'device'?: (_pushfleet_admin_v1_DeviceInit | null);
  /**
   * As in PutDeviceRequest.
   */
  'secret'?: (string);
}

export interface ImportDevicesRequest {
  'device': (_pushfleet_admin_v1_Device | null);
  /**
   * As in PutDeviceRequest.
   */
  'secret': (string);
}
