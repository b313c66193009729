// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * A command is withdrawn. One that is not written to the link yet is dropped (Unsent); otherwise the device is told.
 */
export interface CancelOrderInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  'reason'?: (string);
}

/**
 * A command is withdrawn. One that is not written to the link yet is dropped (Unsent); otherwise the device is told.
 */
export interface CancelOrder {
  'commandId': (string);
  'deviceId': (string);
  'reason': (string);
}
