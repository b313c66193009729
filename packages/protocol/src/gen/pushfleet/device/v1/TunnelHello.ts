// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The first thing said of a tunnel.
 */
export interface TunnelHelloInit {
  /**
   * From OpenTunnel.
   */
  'token'?: (string);
}

/**
 * The first thing said of a tunnel.
 */
export interface TunnelHello {
  /**
   * From OpenTunnel.
   */
  'token': (string);
}
