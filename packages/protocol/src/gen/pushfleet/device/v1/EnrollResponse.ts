// Original file: proto/pushfleet/device/v1/assignment.proto


export interface EnrollResponseInit {
  /**
   * Path of the group in which the device is.
   */
  'group'?: (string);
}

export interface EnrollResponse {
  /**
   * Path of the group in which the device is.
   */
  'group': (string);
}
