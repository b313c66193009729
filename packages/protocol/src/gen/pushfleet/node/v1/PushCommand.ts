// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { Long } from '@grpc/proto-loader';

export interface PushCommandInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  /**
   * The session that the balancer's route names. Another epoch is answered by NotHere.
   */
  'epoch'?: (number | string | Long);
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'deliverWithinMs'?: (number);
  /**
   * Counted from acceptance, as deliver_within_ms; never smaller.
   */
  'finishWithinMs'?: (number);
  /**
   * Of a durable command that was sent before.
   */
  'redelivered'?: (boolean);
}

export interface PushCommand {
  'commandId': (string);
  'deviceId': (string);
  /**
   * The session that the balancer's route names. Another epoch is answered by NotHere.
   */
  'epoch': (number);
  'operation': (_pushfleet_common_v1_Operation | null);
  'deliverWithinMs': (number);
  /**
   * Counted from acceptance, as deliver_within_ms; never smaller.
   */
  'finishWithinMs': (number);
  /**
   * Of a durable command that was sent before.
   */
  'redelivered': (boolean);
}
