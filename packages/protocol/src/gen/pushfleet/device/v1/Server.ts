// Original file: proto/pushfleet/device/v1/assignment.proto


/**
 * A push server as devices reach it.
 */
export interface ServerInit {
  'nodeId'?: (string);
  /**
   * IP address or host name ("address for remote hosts").
   */
  'address'?: (string);
  'port'?: (number);
}

/**
 * A push server as devices reach it.
 */
export interface Server {
  'nodeId': (string);
  /**
   * IP address or host name ("address for remote hosts").
   */
  'address': (string);
  'port': (number);
}
