// Original file: proto/pushfleet/admin/v1/tunnel_service.proto


export interface TunnelTargetInit {
  'deviceId'?: (string);
  /**
   * `host:port`, as seen from the device: "127.0.0.1:22".
   */
  'target'?: (string);
  /**
   * The tunnel ends when no data has flowed for so long. 1,000 to 86,400,000; 0: 300,000.
   */
  'idleLimitMs'?: (number);
  /**
   * The tunnel ends after so long, whatever flows. 1,000 to 604,800,000; 0: 28,800,000.
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
   * The tunnel ends when no data has flowed for so long. 1,000 to 86,400,000; 0: 300,000.
   */
  'idleLimitMs': (number);
  /**
   * The tunnel ends after so long, whatever flows. 1,000 to 604,800,000; 0: 28,800,000.
   */
  'timeLimitMs': (number);
}
