// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * "I have the command", before it is run.
 */
export interface DeliveredInit {
  'commandId'?: (string);
}

/**
 * "I have the command", before it is run.
 */
export interface Delivered {
  'commandId': (string);
}
