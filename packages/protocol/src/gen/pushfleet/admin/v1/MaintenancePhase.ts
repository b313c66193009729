// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

/**
 * In this order.
 */
export const MaintenancePhase = {
  MAINTENANCE_PHASE_UNSPECIFIED: 'MAINTENANCE_PHASE_UNSPECIFIED',
  /**
   * Asked for; the push server has not taken it up.
   */
  MAINTENANCE_PHASE_REQUESTED: 'MAINTENANCE_PHASE_REQUESTED',
  /**
   * It gets no new devices; those that it has are told where to go, at the rate.
   */
  MAINTENANCE_PHASE_MOVING: 'MAINTENANCE_PHASE_MOVING',
  /**
   * All were told; it waits until they have gone.
   */
  MAINTENANCE_PHASE_WAITING: 'MAINTENANCE_PHASE_WAITING',
  /**
   * Only of a restart: new workers start.
   */
  MAINTENANCE_PHASE_RESTARTING: 'MAINTENANCE_PHASE_RESTARTING',
  /**
   * A drained push server stays empty until UndrainNode; a restarted one takes devices.
   */
  MAINTENANCE_PHASE_DONE: 'MAINTENANCE_PHASE_DONE',
  /**
   * None was ever asked for, or the last one was ended by UndrainNode; only `node_id` is set besides.
   */
  MAINTENANCE_PHASE_NONE: 'MAINTENANCE_PHASE_NONE',
} as const;

/**
 * In this order.
 */
export type MaintenancePhaseInit =
  | 'MAINTENANCE_PHASE_UNSPECIFIED'
  | 0
  /**
   * Asked for; the push server has not taken it up.
   */
  | 'MAINTENANCE_PHASE_REQUESTED'
  | 1
  /**
   * It gets no new devices; those that it has are told where to go, at the rate.
   */
  | 'MAINTENANCE_PHASE_MOVING'
  | 2
  /**
   * All were told; it waits until they have gone.
   */
  | 'MAINTENANCE_PHASE_WAITING'
  | 3
  /**
   * Only of a restart: new workers start.
   */
  | 'MAINTENANCE_PHASE_RESTARTING'
  | 4
  /**
   * A drained push server stays empty until UndrainNode; a restarted one takes devices.
   */
  | 'MAINTENANCE_PHASE_DONE'
  | 5
  /**
   * None was ever asked for, or the last one was ended by UndrainNode; only `node_id` is set besides.
   */
  | 'MAINTENANCE_PHASE_NONE'
  | 6

/**
 * In this order.
 */
export type MaintenancePhase = typeof MaintenancePhase[keyof typeof MaintenancePhase]
