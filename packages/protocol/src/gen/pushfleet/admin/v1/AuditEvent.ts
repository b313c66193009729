// Original file: proto/pushfleet/admin/v1/event_service.proto


export interface AuditEventInit {
  'resumeToken'?: (string);
  'atMs'?: (number);
  /**
   * Name of the API token; "root": that of the balancers' file. Empty: none was shown, or a wrong one.
   */
  'caller'?: (string);
  /**
   * The address from which it was asked.
   */
  'address'?: (string);
  /**
   * Full name of the method, e.g. `pushfleet.admin.v1.CommandService/Push`; of the console's sign-ins and sign-outs
   * `POST /v1/session` and `DELETE /v1/session`.
   */
  'method'?: (string);
  /**
   * On what, e.g. `device d-1` or `group HQ`. Empty: on the fleet, or on several devices.
   */
  'target'?: (string);
  /**
   * Of a command: the operation, by its name in Operation, e.g. `force_sync`.
   */
  'operation'?: (string);
  /**
   * `OK`; of a command where it stood when its caller was answered, e.g. `SUCCEEDED`; or the reason of a refusal, e.g.
   * `PERMISSION_DENIED`.
   */
  'outcome'?: (string);
  /**
   * How many such things this event stands for; 1 at least.
   */
  'count'?: (number);
}

export interface AuditEvent {
  'resumeToken': (string);
  'atMs': (number);
  /**
   * Name of the API token; "root": that of the balancers' file. Empty: none was shown, or a wrong one.
   */
  'caller': (string);
  /**
   * The address from which it was asked.
   */
  'address': (string);
  /**
   * Full name of the method, e.g. `pushfleet.admin.v1.CommandService/Push`; of the console's sign-ins and sign-outs
   * `POST /v1/session` and `DELETE /v1/session`.
   */
  'method': (string);
  /**
   * On what, e.g. `device d-1` or `group HQ`. Empty: on the fleet, or on several devices.
   */
  'target': (string);
  /**
   * Of a command: the operation, by its name in Operation, e.g. `force_sync`.
   */
  'operation': (string);
  /**
   * `OK`; of a command where it stood when its caller was answered, e.g. `SUCCEEDED`; or the reason of a refusal, e.g.
   * `PERMISSION_DENIED`.
   */
  'outcome': (string);
  /**
   * How many such things this event stands for; 1 at least.
   */
  'count': (number);
}
