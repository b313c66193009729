// Original file: proto/pushfleet/device/v1/device_link.proto


export interface WelcomeInit {
  'deviceId'?: (string);
  'nodeId'?: (string);
  /**
   * The keep-alive that is granted: the device sends a Ping at the latest when it has sent nothing for this long; each Ping is
   * answered by a Pong. Either side may take the link for dead after two such intervals of silence from the other.
   */
  'keepAliveMs'?: (number);
}

export interface Welcome {
  'deviceId': (string);
  'nodeId': (string);
  /**
   * The keep-alive that is granted: the device sends a Ping at the latest when it has sent nothing for this long; each Ping is
   * answered by a Pong. Either side may take the link for dead after two such intervals of silence from the other.
   */
  'keepAliveMs': (number);
}
