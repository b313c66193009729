// Original file: proto-internal/pushfleet/node/v1/node_control.proto


export interface EvictResponseInit {
  /**
   * How many sessions were closed.
   */
  'closed'?: (number);
}

export interface EvictResponse {
  /**
   * How many sessions were closed.
   */
  'closed': (number);
}
