// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * An operation that only the Administration Server and the device understand.
 */
export interface CustomInit {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'name'?: (string);
  /**
   * At most 1 MiB (1,048,576 bytes).
   */
  'payload'?: (Buffer | Uint8Array | string);
}

/**
 * An operation that only the Administration Server and the device understand.
 */
export interface Custom {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'name': (string);
  /**
   * At most 1 MiB (1,048,576 bytes).
   */
  'payload': (Buffer);
}
