// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Nobody waits for a command any more. One that is not written to the link yet is dropped (Unsent); otherwise it goes on.
 */
export interface WithdrawalInit {
  'commandId'?: (string);
  'deviceId'?: (string);
}

/**
 * Nobody waits for a command any more. One that is not written to the link yet is dropped (Unsent); otherwise it goes on.
 */
export interface Withdrawal {
  'commandId': (string);
  'deviceId': (string);
}
