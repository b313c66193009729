// Original file: proto/pushfleet/admin/v1/event_service.proto

import type { EventKindInit as _pushfleet_admin_v1_EventKindInit, EventKind as _pushfleet_admin_v1_EventKind } from '../../../pushfleet/admin/v1/EventKind.ts';

export interface WatchRequestInit {
  /**
   * From an Event; the watch goes on after it. Empty: from now on.
   */
  'resumeToken'?: (string);
  /**
   * Only events of these kinds; empty: all.
   */
  'kinds'?: (_pushfleet_admin_v1_EventKindInit)[];
  /**
   * Only events of this device; empty: of all.
   */
  'deviceId'?: (string);
}

export interface WatchRequest {
  /**
   * From an Event; the watch goes on after it. Empty: from now on.
   */
  'resumeToken': (string);
  /**
   * Only events of these kinds; empty: all.
   */
  'kinds': (_pushfleet_admin_v1_EventKind)[];
  /**
   * Only events of this device; empty: of all.
   */
  'deviceId': (string);
}
