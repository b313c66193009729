// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Drops a command that is not written to the link yet (Unsent), because nobody waits for it any more. One that is written
 * goes on.
 */
export interface DiscardUnsentInit {
  'commandId'?: (string);
  'deviceId'?: (string);
}

/**
 * Drops a command that is not written to the link yet (Unsent), because nobody waits for it any more. One that is written
 * goes on.
 */
export interface DiscardUnsent {
  'commandId': (string);
  'deviceId': (string);
}
