// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceInit as _pushfleet_admin_v1_DeviceInit, Device as _pushfleet_admin_v1_Device } from '../../../pushfleet/admin/v1/Device.ts';

export interface ListDevicesResponseInit {
  'devices'?: (_pushfleet_admin_v1_DeviceInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListDevicesResponse {
  'devices': (_pushfleet_admin_v1_Device)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
