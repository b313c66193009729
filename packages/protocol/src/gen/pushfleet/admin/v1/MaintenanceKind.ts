// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

export const MaintenanceKind = {
  MAINTENANCE_KIND_UNSPECIFIED: 'MAINTENANCE_KIND_UNSPECIFIED',
  MAINTENANCE_KIND_DRAIN: 'MAINTENANCE_KIND_DRAIN',
  MAINTENANCE_KIND_RESTART: 'MAINTENANCE_KIND_RESTART',
} as const;

export type MaintenanceKindInit =
  | 'MAINTENANCE_KIND_UNSPECIFIED'
  | 0
  | 'MAINTENANCE_KIND_DRAIN'
  | 1
  | 'MAINTENANCE_KIND_RESTART'
  | 2

export type MaintenanceKind = typeof MaintenanceKind[keyof typeof MaintenanceKind]
