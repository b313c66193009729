// Original file: proto/pushfleet/admin/v1/command_service.proto


export interface CancelCommandRequestInit {
  'deviceId'?: (string);
  'commandId'?: (string);
  /**
   * Why, for the device's own log. At most 256 bytes.
   */
  'reason'?: (string);
}

export interface CancelCommandRequest {
  'deviceId': (string);
  'commandId': (string);
  /**
   * Why, for the device's own log. At most 256 bytes.
   */
  'reason': (string);
}
