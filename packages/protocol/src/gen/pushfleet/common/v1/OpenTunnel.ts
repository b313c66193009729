// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * The device connects to the target, if its allow-list permits it, then calls DeviceLinkService.Tunnel with the token on the
 * push server that its link leads to, and answers SUCCEEDED. REJECTED: not permitted. FAILED: the target is closed.
 */
export interface OpenTunnelInit {
  'tunnelId'?: (string);
  /**
   * `host:port`, as seen from the device.
   */
  'target'?: (string);
  /**
   * Good for one call, for a short time.
   */
  'token'?: (string);
}

/**
 * The device connects to the target, if its allow-list permits it, then calls DeviceLinkService.Tunnel with the token on the
 * push server that its link leads to, and answers SUCCEEDED. REJECTED: not permitted. FAILED: the target is closed.
 */
export interface OpenTunnel {
  'tunnelId': (string);
  /**
   * `host:port`, as seen from the device.
   */
  'target': (string);
  /**
   * Good for one call, for a short time.
   */
  'token': (string);
}
