// Original file: proto/pushfleet/device/v1/assignment.proto


export interface AssignRequestInit {
  'deviceId'?: (string);
  /**
   * The device's shared secret.
   */
  'secret'?: (string);
  /**
   * A JWT of an issuer that the balancers trust, which names the device.
   */
  'identityToken'?: (string);
  /**
   * Push servers that the device has just failed to reach. They are chosen only where nothing else is left.
   */
  'unreachableNodeIds'?: (string)[];
  'credential'?: "secret"|"identityToken";
}

export interface AssignRequest {
  'deviceId': (string);
  /**
   * The device's shared secret.
   */
  'secret'?: (string);
  /**
   * A JWT of an issuer that the balancers trust, which names the device.
   */
  'identityToken'?: (string);
  /**
   * Push servers that the device has just failed to reach. They are chosen only where nothing else is left.
   */
  'unreachableNodeIds': (string)[];
  'credential'?: "secret"|"identityToken";
}
