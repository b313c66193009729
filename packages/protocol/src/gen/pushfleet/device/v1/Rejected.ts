// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The device declines, without having begun.
 */
export interface RejectedInit {
  'reason'?: (string);
}

/**
 * The device declines, without having begun.
 */
export interface Rejected {
  'reason': (string);
}
