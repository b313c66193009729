// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Makes the worker read the device's queue in the registry: it holds commands that should have been sent.
 */
export interface WakeupInit {
  'deviceId'?: (string);
}

/**
 * Makes the worker read the device's queue in the registry: it holds commands that should have been sent.
 */
export interface Wakeup {
  'deviceId': (string);
}
