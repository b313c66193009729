// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


/**
 * So many devices go from one push server to another.
 */
export interface RebalanceMoveInit {
  'fromNodeId'?: (string);
  'toNodeId'?: (string);
  'devices'?: (number);
  /**
   * Of them, how many have been redirected so far.
   */
  'redirected'?: (number);
}

/**
 * So many devices go from one push server to another.
 */
export interface RebalanceMove {
  'fromNodeId': (string);
  'toNodeId': (string);
  'devices': (number);
  /**
   * Of them, how many have been redirected so far.
   */
  'redirected': (number);
}
