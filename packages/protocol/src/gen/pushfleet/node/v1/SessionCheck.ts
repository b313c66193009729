// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Makes the worker assert the session that it holds for a device, if it does: a change that voids the device's tickets is about
 * to be written, and whoever writes it may not live to tell, or it got no answer from the registry, and may have ended the
 * session; or a worker is dead that had taken the device over, perhaps without ending the link before.
 */
export interface SessionCheckInit {
  'deviceId'?: (string);
  /**
   * So much later than this comes. An older worker asserts it at once.
   */
  'afterMs'?: (number);
}

/**
 * Makes the worker assert the session that it holds for a device, if it does: a change that voids the device's tickets is about
 * to be written, and whoever writes it may not live to tell, or it got no answer from the registry, and may have ended the
 * session; or a worker is dead that had taken the device over, perhaps without ending the link before.
 */
export interface SessionCheck {
  'deviceId': (string);
  /**
   * So much later than this comes. An older worker asserts it at once.
   */
  'afterMs': (number);
}
