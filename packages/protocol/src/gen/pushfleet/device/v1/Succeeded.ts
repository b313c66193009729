// Original file: proto/pushfleet/device/v1/device_link.proto


export interface SucceededInit {
  /**
   * At most 1 MiB.
   */
  'output'?: (Buffer | Uint8Array | string);
}

export interface Succeeded {
  /**
   * At most 1 MiB.
   */
  'output': (Buffer);
}
