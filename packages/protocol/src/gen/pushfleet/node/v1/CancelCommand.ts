// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Cancels a command. One that is not written to the link yet is dropped (Unsent); otherwise the device gets a cancel.
 */
export interface CancelCommandInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  'reason'?: (string);
}

/**
 * Cancels a command. One that is not written to the link yet is dropped (Unsent); otherwise the device gets a cancel.
 */
export interface CancelCommand {
  'commandId': (string);
  'deviceId': (string);
  'reason': (string);
}
