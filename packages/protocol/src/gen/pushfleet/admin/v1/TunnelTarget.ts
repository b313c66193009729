// Original file: proto/pushfleet/admin/v1/tunnel_service.proto


export interface TunnelTargetInit {
  'deviceId'?: (string);
  /**
   * `host:port`, as seen from the device: "127.0.0.1:22".
   */
  'target'?: (string);
  /**
   * The tunnel ends when no data has flowed for so long. A second to a day; absent or 0: 5 minutes.
   */
  'idleLimitMs'?: (number);
  /**
   * The tunnel ends after so long, whatever flows. A second to 7 days; absent or 0: 8 hours.
   */
  'timeLimitMs'?: (number);
}

export interface TunnelTarget {
  'deviceId': (string);
  /**
   * `host:port`, as seen from the device: "127.0.0.1:22".
   */
  'target': (string);
  /**
   * The tunnel ends when no data has flowed for so long. A second to a day; absent or 0: 5 minutes.
   */
  'idleLimitMs': (number);
  /**
   * The tunnel ends after so long, whatever flows. A second to 7 days; absent or 0: 8 hours.
   */
  'timeLimitMs': (number);
}
