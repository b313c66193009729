// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { MaintenanceInit as _pushfleet_admin_v1_MaintenanceInit, Maintenance as _pushfleet_admin_v1_Maintenance } from '../../../pushfleet/admin/v1/Maintenance.ts';

export interface RestartNodeResponseInit {
  'maintenance'?: (_pushfleet_admin_v1_MaintenanceInit | null);
}

export interface RestartNodeResponse {
  'maintenance': (_pushfleet_admin_v1_Maintenance | null);
}
