// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { UnsentCauseInit as _pushfleet_node_v1_UnsentCauseInit, UnsentCause as _pushfleet_node_v1_UnsentCause } from '../../../pushfleet/node/v1/UnsentCause.ts';

/**
 * The command was accepted but never written to the link, and never will be.
 */
export interface UnsentInit {
  'cause'?: (_pushfleet_node_v1_UnsentCauseInit);
  /**
   * More about the cause, as text.
   */
  'detail'?: (string);
}

/**
 * The command was accepted but never written to the link, and never will be.
 */
export interface Unsent {
  'cause': (_pushfleet_node_v1_UnsentCause);
  /**
   * More about the cause, as text.
   */
  'detail': (string);
}
