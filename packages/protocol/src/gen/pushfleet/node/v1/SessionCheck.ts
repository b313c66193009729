// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Makes the worker assert the session that it holds for a device, if it does: a change that voids the device's tickets got no
 * answer from the registry, and may have ended the session.
 */
export interface SessionCheckInit {
  'deviceId'?: (string);
}

/**
 * Makes the worker assert the session that it holds for a device, if it does: a change that voids the device's tickets got no
 * answer from the registry, and may have ended the session.
 */
export interface SessionCheck {
  'deviceId': (string);
}
