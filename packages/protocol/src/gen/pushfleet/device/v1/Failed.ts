// Original file: proto/pushfleet/device/v1/device_link.proto


export interface FailedInit {
  'reason'?: (string);
  /**
   * At most 1 MiB.
   */
  'output'?: (Buffer | Uint8Array | string);
}

export interface Failed {
  'reason': (string);
  /**
   * At most 1 MiB.
   */
  'output': (Buffer);
}
