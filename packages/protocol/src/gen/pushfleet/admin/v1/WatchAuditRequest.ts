// Original file: proto/pushfleet/admin/v1/event_service.proto


export interface WatchAuditRequestInit {
  /**
   * From an AuditEvent; the watch goes on after it. Empty: from now on.
   */
  'resumeToken'?: (string);
  /**
   * Only what the token of this name did; empty: all.
   */
  'caller'?: (string);
}

export interface WatchAuditRequest {
  /**
   * From an AuditEvent; the watch goes on after it. Empty: from now on.
   */
  'resumeToken': (string);
  /**
   * Only what the token of this name did; empty: all.
   */
  'caller': (string);
}
