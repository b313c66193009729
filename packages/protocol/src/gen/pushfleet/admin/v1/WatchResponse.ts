// Original file: proto/pushfleet/admin/v1/event_service.proto

import type { EventInit as _pushfleet_admin_v1_EventInit, Event as _pushfleet_admin_v1_Event } from '../../../pushfleet/admin/v1/Event.ts';

export interface WatchResponseInit {
  'events'?: (_pushfleet_admin_v1_EventInit)[];
}

export interface WatchResponse {
  'events': (_pushfleet_admin_v1_Event)[];
}
