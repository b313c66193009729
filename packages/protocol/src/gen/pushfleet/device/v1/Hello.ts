// Original file: proto/pushfleet/device/v1/device_link.proto


export interface HelloInit {
  /**
   * From AssignResponse.
   */
  'ticket'?: (string);
  /**
   * Who is speaking, e.g. "pushfleet-device-sdk/0.1.0". For logs only.
   */
  'agent'?: (string);
}

export interface Hello {
  /**
   * From AssignResponse.
   */
  'ticket': (string);
  /**
   * Who is speaking, e.g. "pushfleet-device-sdk/0.1.0". For logs only.
   */
  'agent': (string);
}
