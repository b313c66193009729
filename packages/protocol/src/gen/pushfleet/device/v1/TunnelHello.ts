// Original file: proto/pushfleet/device/v1/device_link.proto


export interface TunnelHelloInit {
  /**
   * From OpenTunnel.
   */
  'token'?: (string);
}

export interface TunnelHello {
  /**
   * From OpenTunnel.
   */
  'token': (string);
}
