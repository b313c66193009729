// Original file: proto/pushfleet/admin/v1/fleet_service.proto


/**
 * One process of a push server.
 */
export interface WorkerInit {
  'workerId'?: (string);
  'live'?: (number);
  'capacity'?: (number);
  /**
   * Of the process, for operators who look for it on its machine.
   */
  'pid'?: (number);
}

/**
 * One process of a push server.
 */
export interface Worker {
  'workerId': (string);
  'live': (number);
  'capacity': (number);
  /**
   * Of the process, for operators who look for it on its machine.
   */
  'pid': (number);
}
