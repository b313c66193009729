// Original file: proto/pushfleet/device/v1/device_link.proto


export interface WelcomeInit {
  'deviceId'?: (string);
  'nodeId'?: (string);
  /**
   * The device sends a Ping whenever it has sent nothing for this long; each Ping is answered by a Pong. Either
   * side may take the link for dead after two such intervals of silence from the other.
   */
  'keepAliveMs'?: (number);
}

export interface Welcome {
  'deviceId': (string);
  'nodeId': (string);
  /**
   * The device sends a Ping whenever it has sent nothing for this long; each Ping is answered by a Pong. Either
   * side may take the link for dead after two such intervals of silence from the other.
   */
  'keepAliveMs': (number);
}
