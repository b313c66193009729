// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * The device synchronizes with the Administration Server now, whatever its schedule says.
 */
export interface ForceSyncInit {
  /**
   * Why, for the device's own log. Free text, at most 256 bytes.
   */
  'reason'?: (string);
}

/**
 * The device synchronizes with the Administration Server now, whatever its schedule says.
 */
export interface ForceSync {
  /**
   * Why, for the device's own log. Free text, at most 256 bytes.
   */
  'reason': (string);
}
