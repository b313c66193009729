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
}
