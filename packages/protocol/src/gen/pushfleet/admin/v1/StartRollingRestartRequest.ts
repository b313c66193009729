// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface StartRollingRestartRequestInit {
  /**
   * Devices told to leave per second. 0: 200.
   */
  'devicesPerSecond'?: (number);
  /**
   * What is left of a push server's links by then is closed. Up to a day; absent or 0: 5 minutes.
   */
  'deadlineMs'?: (number);
  /**
   * Also where devices would be without a push server while theirs restarts. Two push servers are needed all the same.
   */
  'ignoreCapacity'?: (boolean);
}

export interface StartRollingRestartRequest {
  /**
   * Devices told to leave per second. 0: 200.
   */
  'devicesPerSecond': (number);
  /**
   * What is left of a push server's links by then is closed. Up to a day; absent or 0: 5 minutes.
   */
  'deadlineMs': (number);
  /**
   * Also where devices would be without a push server while theirs restarts. Two push servers are needed all the same.
   */
  'ignoreCapacity': (boolean);
}
