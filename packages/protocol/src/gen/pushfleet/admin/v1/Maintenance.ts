// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { MaintenanceKindInit as _pushfleet_admin_v1_MaintenanceKindInit, MaintenanceKind as _pushfleet_admin_v1_MaintenanceKind } from '../../../pushfleet/admin/v1/MaintenanceKind.ts';
import type { MaintenancePhaseInit as _pushfleet_admin_v1_MaintenancePhaseInit, MaintenancePhase as _pushfleet_admin_v1_MaintenancePhase } from '../../../pushfleet/admin/v1/MaintenancePhase.ts';

/**
 * One drain or restart of one push server.
 */
export interface MaintenanceInit {
  'nodeId'?: (string);
  'maintenanceId'?: (string);
  'kind'?: (_pushfleet_admin_v1_MaintenanceKindInit);
  'phase'?: (_pushfleet_admin_v1_MaintenancePhaseInit);
  /**
   * Devices that were told where to go.
   */
  'moved'?: (number);
  /**
   * Links that are still up.
   */
  'remaining'?: (number);
  'startedAtMs'?: (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs'?: (number);
}

/**
 * One drain or restart of one push server.
 */
export interface Maintenance {
  'nodeId': (string);
  'maintenanceId': (string);
  'kind': (_pushfleet_admin_v1_MaintenanceKind);
  'phase': (_pushfleet_admin_v1_MaintenancePhase);
  /**
   * Devices that were told where to go.
   */
  'moved': (number);
  /**
   * Links that are still up.
   */
  'remaining': (number);
  'startedAtMs': (number);
  /**
   * Absent while it is under way.
   */
  'endedAtMs': (number);
}
