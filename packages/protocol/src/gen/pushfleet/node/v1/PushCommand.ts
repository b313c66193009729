// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { Long } from '@grpc/proto-loader';

export interface PushCommandInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  /**
   * Epoch of the session that the balancer's route names. For any other epoch the worker answers NotHere.
   */
  'epoch'?: (number | string | Long);
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'deliverWithinMs'?: (number);
  /**
   * Counted from the same moment as deliver_within_ms; never smaller.
   */
  'finishWithinMs'?: (number);
  /**
   * The command is durable and was sent before.
   */
  'redelivered'?: (boolean);
}

export interface PushCommand {
  'commandId': (string);
  'deviceId': (string);
  /**
   * Epoch of the session that the balancer's route names. For any other epoch the worker answers NotHere.
   */
  'epoch': (number);
  'operation': (_pushfleet_common_v1_Operation | null);
  'deliverWithinMs': (number);
  /**
   * Counted from the same moment as deliver_within_ms; never smaller.
   */
  'finishWithinMs': (number);
  /**
   * The command is durable and was sent before.
   */
  'redelivered': (boolean);
}
