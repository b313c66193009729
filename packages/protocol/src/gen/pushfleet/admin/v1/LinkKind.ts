// Original file: proto/pushfleet/admin/v1/fleet_service.proto

export const LinkKind = {
  LINK_KIND_UNSPECIFIED: 'LINK_KIND_UNSPECIFIED',
  /**
   * The Network Agent link.
   */
  LINK_KIND_GRPC: 'LINK_KIND_GRPC',
  /**
   * The mobile-protocol link.
   */
  LINK_KIND_MQTT: 'LINK_KIND_MQTT',
} as const;

export type LinkKindInit =
  | 'LINK_KIND_UNSPECIFIED'
  | 0
  /**
   * The Network Agent link.
   */
  | 'LINK_KIND_GRPC'
  | 1
  /**
   * The mobile-protocol link.
   */
  | 'LINK_KIND_MQTT'
  | 2

export type LinkKind = typeof LinkKind[keyof typeof LinkKind]
