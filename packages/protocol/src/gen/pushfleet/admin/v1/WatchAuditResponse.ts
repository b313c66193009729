// Original file: proto/pushfleet/admin/v1/event_service.proto

import type { AuditEventInit as _pushfleet_admin_v1_AuditEventInit, AuditEvent as _pushfleet_admin_v1_AuditEvent } from '../../../pushfleet/admin/v1/AuditEvent.ts';

export interface WatchAuditResponseInit {
  'events'?: (_pushfleet_admin_v1_AuditEventInit)[];
}

export interface WatchAuditResponse {
  'events': (_pushfleet_admin_v1_AuditEvent)[];
}
