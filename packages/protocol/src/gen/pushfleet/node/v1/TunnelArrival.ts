// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * A device has connected its end of a tunnel and waits at this worker for the balancer.
 */
export interface TunnelArrivalInit {
  'tunnelId'?: (string);
  'deviceId'?: (string);
}

/**
 * A device has connected its end of a tunnel and waits at this worker for the balancer.
 */
export interface TunnelArrival {
  'tunnelId': (string);
  'deviceId': (string);
}
