// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceMoveInit as _pushfleet_admin_v1_DeviceMoveInit, DeviceMove as _pushfleet_admin_v1_DeviceMove } from '../../../pushfleet/admin/v1/DeviceMove.ts';

export interface GetDeviceHistoryResponseInit {
  /**
   * At most 20.
   */
  'moves'?: (_pushfleet_admin_v1_DeviceMoveInit)[];
}

export interface GetDeviceHistoryResponse {
  /**
   * At most 20.
   */
  'moves': (_pushfleet_admin_v1_DeviceMove)[];
}
