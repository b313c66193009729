// Original file: proto/pushfleet/common/v1/tunnel.proto


export interface TunnelCloseInit {
  /**
   * Why, e.g. "idle", "time limit", "the push server is draining".
   */
  'reason'?: (string);
}

export interface TunnelClose {
  /**
   * Why, e.g. "idle", "time limit", "the push server is draining".
   */
  'reason': (string);
}
