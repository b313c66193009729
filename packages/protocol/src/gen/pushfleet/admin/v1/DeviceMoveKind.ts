// Original file: proto/pushfleet/admin/v1/fleet_service.proto

export const DeviceMoveKind = {
  DEVICE_MOVE_KIND_UNSPECIFIED: 'DEVICE_MOVE_KIND_UNSPECIFIED',
  DEVICE_MOVE_KIND_CONNECTED: 'DEVICE_MOVE_KIND_CONNECTED',
  /**
   * From a link that was still up on another worker.
   */
  DEVICE_MOVE_KIND_MOVED: 'DEVICE_MOVE_KIND_MOVED',
  DEVICE_MOVE_KIND_DISCONNECTED: 'DEVICE_MOVE_KIND_DISCONNECTED',
} as const;

export type DeviceMoveKindInit =
  | 'DEVICE_MOVE_KIND_UNSPECIFIED'
  | 0
  | 'DEVICE_MOVE_KIND_CONNECTED'
  | 1
  /**
   * From a link that was still up on another worker.
   */
  | 'DEVICE_MOVE_KIND_MOVED'
  | 2
  | 'DEVICE_MOVE_KIND_DISCONNECTED'
  | 3

export type DeviceMoveKind = typeof DeviceMoveKind[keyof typeof DeviceMoveKind]
