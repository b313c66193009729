// Original file: proto/pushfleet/device/v1/assignment.proto


export interface EnrollRequestInit {
  /**
   * 1 to 128 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit. Its own choice: the serial number of its machine, say.
   */
  'deviceId'?: (string);
  'enrollmentToken'?: (string);
  /**
   * Made by the device at random, 16 to 256 bytes, and kept by it before it asks.
   */
  'secret'?: (string);
}

export interface EnrollRequest {
  /**
   * 1 to 128 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit. Its own choice: the serial number of its machine, say.
   */
  'deviceId': (string);
  'enrollmentToken': (string);
  /**
   * Made by the device at random, 16 to 256 bytes, and kept by it before it asks.
   */
  'secret': (string);
}
