// Original file: proto-internal/pushfleet/node/v1/node_control.proto


export interface EvictResponseInit {
  /**
   * Number of sessions that were closed.
   */
  'closed'?: (number);
}

export interface EvictResponse {
  /**
   * Number of sessions that were closed.
   */
  'closed': (number);
}
