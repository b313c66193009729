// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface DrainNodeRequestInit {
  'nodeId'?: (string);
  /**
   * Devices told to leave per second. 0: 200.
   */
  'devicesPerSecond'?: (number);
  /**
   * What is left by then is closed. Up to a day; absent or 0: 5 minutes.
   */
  'deadlineMs'?: (number);
}

export interface DrainNodeRequest {
  'nodeId': (string);
  /**
   * Devices told to leave per second. 0: 200.
   */
  'devicesPerSecond': (number);
  /**
   * What is left by then is closed. Up to a day; absent or 0: 5 minutes.
   */
  'deadlineMs': (number);
}
