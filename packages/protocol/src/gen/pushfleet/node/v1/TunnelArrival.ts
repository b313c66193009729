// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * A device has come for its end of a tunnel and waits here for the balancer.
 */
export interface TunnelArrivalInit {
  'tunnelId'?: (string);
  'deviceId'?: (string);
}

/**
 * A device has come for its end of a tunnel and waits here for the balancer.
 */
export interface TunnelArrival {
  'tunnelId': (string);
  'deviceId': (string);
}
