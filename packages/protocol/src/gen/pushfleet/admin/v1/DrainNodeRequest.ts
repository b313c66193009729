// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface DrainNodeRequestInit {
  'nodeId'?: (string);
  /**
   * Devices told to leave per second. 0: 200.
   */
  'ratePerSecond'?: (number);
  /**
   * What is left by then is closed. 0: 300,000.
   */
  'deadlineMs'?: (number);
}

export interface DrainNodeRequest {
  'nodeId': (string);
  /**
   * Devices told to leave per second. 0: 200.
   */
  'ratePerSecond': (number);
  /**
   * What is left by then is closed. 0: 300,000.
   */
  'deadlineMs': (number);
}
