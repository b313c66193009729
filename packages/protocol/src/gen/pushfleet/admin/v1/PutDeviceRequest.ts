// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceInit as _pushfleet_admin_v1_DeviceInit, Device as _pushfleet_admin_v1_Device } from '../../../pushfleet/admin/v1/Device.ts';
import type { FieldMaskInit as _google_protobuf_FieldMaskInit, FieldMask as _google_protobuf_FieldMask } from '../../../google/protobuf/FieldMask.ts';

export interface PutDeviceRequestInit {
  'device'?: (_pushfleet_admin_v1_DeviceInit | null);
  /**
   * The device's secret, 16 to 256 bytes. Only a salted hash of it is kept. Empty: an existing device keeps its
   * secret, a new one is refused.
   */
  'secret'?: (string);
  /**
   * Only these fields are replaced, of a device that exists: `group`, `labels`, `link_kinds`. Absent, or `*`: all.
   */
  'updateMask'?: (_google_protobuf_FieldMaskInit | null);
}

export interface PutDeviceRequest {
  'device': (_pushfleet_admin_v1_Device | null);
  /**
   * The device's secret, 16 to 256 bytes. Only a salted hash of it is kept. Empty: an existing device keeps its
   * secret, a new one is refused.
   */
  'secret': (string);
  /**
   * Only these fields are replaced, of a device that exists: `group`, `labels`, `link_kinds`. Absent, or `*`: all.
   */
  'updateMask': (_google_protobuf_FieldMask | null);
}
