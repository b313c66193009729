// Original file: proto/pushfleet/admin/v1/maintenance_service.proto


export interface RestartNodeRequestInit {
  'nodeId'?: (string);
  /**
   * As in DrainNodeRequest.
   */
  'devicesPerSecond'?: (number);
  'deadlineMs'?: (number);
}

export interface RestartNodeRequest {
  'nodeId': (string);
  /**
   * As in DrainNodeRequest.
   */
  'devicesPerSecond': (number);
  'deadlineMs': (number);
}
