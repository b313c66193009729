// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * The link ended after the command was written to it and before a result came.
 */
export interface LinkLostInit {
  /**
   * Name of the close reason.
   */
  'reason'?: (string);
}

/**
 * The link ended after the command was written to it and before a result came.
 */
export interface LinkLost {
  /**
   * Name of the close reason.
   */
  'reason': (string);
}
