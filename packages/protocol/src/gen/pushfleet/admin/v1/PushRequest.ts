// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { WaitInit as _pushfleet_admin_v1_WaitInit, Wait as _pushfleet_admin_v1_Wait } from '../../../pushfleet/admin/v1/Wait.ts';
import type { PriorityInit as _pushfleet_admin_v1_PriorityInit, Priority as _pushfleet_admin_v1_Priority } from '../../../pushfleet/admin/v1/Priority.ts';

export interface PushRequestInit {
  'deviceId'?: (string);
  /**
   * Not open_tunnel: that is TunnelService.Open.
   */
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'wait'?: (_pushfleet_admin_v1_WaitInit);
  /**
   * Of a direct command, from acceptance to the device's confirmation. Up to 10 minutes; absent or 0: 10 seconds. This and
   * every duration is rounded up to milliseconds.
   */
  'deliverWithinMs'?: (number);
  /**
   * From acceptance to the result; not before the command is to be delivered. Direct: up to an hour; absent or 0: the
   * larger of 30 seconds and `deliver_within`. Durable: up to 31 days; absent or 0: `ttl` and 5 minutes.
   */
  'finishWithinMs'?: (number);
  /**
   * Absent or 0: a direct command. Else it is durable, and waits this long for the device. Up to 30 days.
   * `deliver_within` must then be absent.
   */
  'ttlMs'?: (number);
  /**
   * The rest is of durable commands only.
   */
  'priority'?: (_pushfleet_admin_v1_PriorityInit);
  /**
   * At most 128 bytes. The command takes the place of one with the same key that still waits for this device. Empty: of a
   * force_sync "force_sync", else none.
   */
  'collapseKey'?: (string);
  /**
   * At most 128 bytes. A second command for this device with the same key, while the first is kept, is not accepted: the
   * answer is that of the first. One that asks for something else is refused: ALREADY_EXISTS.
   */
  'idempotencyKey'?: (string);
  /**
   * Chosen by the caller, direct or durable, so that it can ask for the command whatever becomes of this call: 1 to 64
   * letters, digits or "-", never used before; it begins with "d-" if and only if the command is durable. Pushed again
   * for the same device, while the first is kept, it is the same command: nothing is sent twice, and the answer is that of
   * the first. One that asks for something else is refused: ALREADY_EXISTS. That holds for a durable command through any
   * balancer, for a direct one through the balancer that took it alone: through another one it is sent again, and a device
   * that has had the id drops it. Empty: the balancer makes one, unique for ever; that of a direct command names the
   * balancer.
   */
  'commandId'?: (string);
}

export interface PushRequest {
  'deviceId': (string);
  /**
   * Not open_tunnel: that is TunnelService.Open.
   */
  'operation': (_pushfleet_common_v1_Operation | null);
  'wait': (_pushfleet_admin_v1_Wait);
  /**
   * Of a direct command, from acceptance to the device's confirmation. Up to 10 minutes; absent or 0: 10 seconds. This and
   * every duration is rounded up to milliseconds.
   */
  'deliverWithinMs': (number);
  /**
   * From acceptance to the result; not before the command is to be delivered. Direct: up to an hour; absent or 0: the
   * larger of 30 seconds and `deliver_within`. Durable: up to 31 days; absent or 0: `ttl` and 5 minutes.
   */
  'finishWithinMs': (number);
  /**
   * Absent or 0: a direct command. Else it is durable, and waits this long for the device. Up to 30 days.
   * `deliver_within` must then be absent.
   */
  'ttlMs': (number);
  /**
   * The rest is of durable commands only.
   */
  'priority': (_pushfleet_admin_v1_Priority);
  /**
   * At most 128 bytes. The command takes the place of one with the same key that still waits for this device. Empty: of a
   * force_sync "force_sync", else none.
   */
  'collapseKey': (string);
  /**
   * At most 128 bytes. A second command for this device with the same key, while the first is kept, is not accepted: the
   * answer is that of the first. One that asks for something else is refused: ALREADY_EXISTS.
   */
  'idempotencyKey': (string);
  /**
   * Chosen by the caller, direct or durable, so that it can ask for the command whatever becomes of this call: 1 to 64
   * letters, digits or "-", never used before; it begins with "d-" if and only if the command is durable. Pushed again
   * for the same device, while the first is kept, it is the same command: nothing is sent twice, and the answer is that of
   * the first. One that asks for something else is refused: ALREADY_EXISTS. That holds for a durable command through any
   * balancer, for a direct one through the balancer that took it alone: through another one it is sent again, and a device
   * that has had the id drops it. Empty: the balancer makes one, unique for ever; that of a direct command names the
   * balancer.
   */
  'commandId': (string);
}
