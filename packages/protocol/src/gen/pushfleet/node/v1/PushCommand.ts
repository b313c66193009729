// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { TraceContextInit as _pushfleet_node_v1_TraceContextInit, TraceContext as _pushfleet_node_v1_TraceContext } from '../../../pushfleet/node/v1/TraceContext.ts';
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
  /**
   * Present where the trace of the command is sampled: the span of the balancer that sends it.
   */
  'trace'?: (_pushfleet_node_v1_TraceContextInit | null);
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
  /**
   * Present where the trace of the command is sampled: the span of the balancer that sends it.
   */
  'trace': (_pushfleet_node_v1_TraceContext | null);
}
