// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The device gave the command up, because it was cancelled or its task stopped.
 */
export interface CancelledInit {
  'reason'?: (string);
}

/**
 * The device gave the command up, because it was cancelled or its task stopped.
 */
export interface Cancelled {
  'reason': (string);
}
