// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { CommandStatusInit as _pushfleet_common_v1_CommandStatusInit, CommandStatus as _pushfleet_common_v1_CommandStatus } from '../../../pushfleet/common/v1/CommandStatus.ts';
import type { PriorityInit as _pushfleet_admin_v1_PriorityInit, Priority as _pushfleet_admin_v1_Priority } from '../../../pushfleet/admin/v1/Priority.ts';

/**
 * A command and where it stands. An absent time: not yet, or never.
 */
export interface CommandRecordInit {
  /**
   * Begins with "d-" where the command is durable.
   */
  'commandId'?: (string);
  'deviceId'?: (string);
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'status'?: (_pushfleet_common_v1_CommandStatusInit | null);
  /**
   * The push server that it went to last.
   */
  'nodeId'?: (string);
  'durable'?: (boolean);
  'priority'?: (_pushfleet_admin_v1_PriorityInit);
  'collapseKey'?: (string);
  'idempotencyKey'?: (string);
  'acceptedAtMs'?: (number);
  'routedAtMs'?: (number);
  'deliveredAtMs'?: (number);
  'runningAtMs'?: (number);
  'deliverByMs'?: (number);
  'finishByMs'?: (number);
}

/**
 * A command and where it stands. An absent time: not yet, or never.
 */
export interface CommandRecord {
  /**
   * Begins with "d-" where the command is durable.
   */
  'commandId': (string);
  'deviceId': (string);
  'operation': (_pushfleet_common_v1_Operation | null);
  'status': (_pushfleet_common_v1_CommandStatus | null);
  /**
   * The push server that it went to last.
   */
  'nodeId': (string);
  'durable': (boolean);
  'priority': (_pushfleet_admin_v1_Priority);
  'collapseKey': (string);
  'idempotencyKey': (string);
  'acceptedAtMs': (number);
  'routedAtMs': (number);
  'deliveredAtMs': (number);
  'runningAtMs': (number);
  'deliverByMs': (number);
  'finishByMs': (number);
}
