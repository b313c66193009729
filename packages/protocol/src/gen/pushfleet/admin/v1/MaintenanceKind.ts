// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

/**
 * What was ordered.
 */
export const MaintenanceKind = {
  MAINTENANCE_KIND_UNSPECIFIED: 'MAINTENANCE_KIND_UNSPECIFIED',
  MAINTENANCE_KIND_DRAIN: 'MAINTENANCE_KIND_DRAIN',
  MAINTENANCE_KIND_RESTART: 'MAINTENANCE_KIND_RESTART',
} as const;

/**
 * What was ordered.
 */
export type MaintenanceKindInit =
  | 'MAINTENANCE_KIND_UNSPECIFIED'
  | 0
  | 'MAINTENANCE_KIND_DRAIN'
  | 1
  | 'MAINTENANCE_KIND_RESTART'
  | 2

/**
 * What was ordered.
 */
export type MaintenanceKind = typeof MaintenanceKind[keyof typeof MaintenanceKind]
