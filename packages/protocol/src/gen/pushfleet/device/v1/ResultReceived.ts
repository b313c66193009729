// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The result of a durable command is kept for good; the device may forget it.
 */
export interface ResultReceivedInit {
  'commandId'?: (string);
}

/**
 * The result of a durable command is kept for good; the device may forget it.
 */
export interface ResultReceived {
  'commandId': (string);
}
