// Original file: proto/pushfleet/admin/v1/command_service.proto


/**
 * Why a command was not accepted.
 */
export interface PushErrorInit {
  /**
   * From the table of error codes, e.g. "DEVICE_NOT_FOUND".
   */
  'code'?: (string);
  'message'?: (string);
  /**
   * When to try again, in milliseconds from now; 0: not said.
   */
  'retryAfterMs'?: (number);
}

/**
 * Why a command was not accepted.
 */
export interface PushError {
  /**
   * From the table of error codes, e.g. "DEVICE_NOT_FOUND".
   */
  'code': (string);
  'message': (string);
  /**
   * When to try again, in milliseconds from now; 0: not said.
   */
  'retryAfterMs': (number);
}
