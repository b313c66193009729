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
  /**
   * What the device can do: names of operations, e.g. "force_sync"; "custom" is every custom operation, "custom:reboot"
   * that one. What is not among them is rejected without asking the device. Empty: not said, everything is sent.
   */
  'operations'?: (string)[];
  /**
   * The longest time for which the device wants to be silent. The push server grants it within its bounds, in Welcome. Absent:
   * the push server chooses.
   */
  'keepAliveMs'?: (number);
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
  /**
   * What the device can do: names of operations, e.g. "force_sync"; "custom" is every custom operation, "custom:reboot"
   * that one. What is not among them is rejected without asking the device. Empty: not said, everything is sent.
   */
  'operations': (string)[];
  /**
   * The longest time for which the device wants to be silent. The push server grants it within its bounds, in Welcome. Absent:
   * the push server chooses.
   */
  'keepAliveMs': (number);
}
