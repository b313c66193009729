// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Progress of a redirect; the last one has done set.
 */
export interface RedirectProgressInit {
  'redirectId'?: (string);
  /**
   * Devices redirected so far.
   */
  'redirected'?: (number);
  'done'?: (boolean);
}

/**
 * Progress of a redirect; the last one has done set.
 */
export interface RedirectProgress {
  'redirectId': (string);
  /**
   * Devices redirected so far.
   */
  'redirected': (number);
  'done': (boolean);
}
