// Original file: proto/pushfleet/common/v1/outcome.proto


/**
 * How far a command has come, in the device's own words.
 */
export interface ProgressInit {
  /**
   * 0 to 100.
   */
  'percent'?: (number);
  /**
   * At most 256 bytes.
   */
  'message'?: (string);
}

/**
 * How far a command has come, in the device's own words.
 */
export interface Progress {
  /**
   * 0 to 100.
   */
  'percent': (number);
  /**
   * At most 256 bytes.
   */
  'message': (string);
}
