// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * The registry has commands for the device that should have been sent: read its queue.
 */
export interface PokeInit {
  'deviceId'?: (string);
}

/**
 * The registry has commands for the device that should have been sent: read its queue.
 */
export interface Poke {
  'deviceId': (string);
}
