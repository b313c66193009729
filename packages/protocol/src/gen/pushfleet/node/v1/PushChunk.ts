// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { PushTargetInit as _pushfleet_node_v1_PushTargetInit, PushTarget as _pushfleet_node_v1_PushTarget } from '../../../pushfleet/node/v1/PushTarget.ts';

/**
 * One operation for many devices.
 */
export interface PushChunkInit {
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'targets'?: (_pushfleet_node_v1_PushTargetInit)[];
  'deliverWithinMs'?: (number);
  'finishWithinMs'?: (number);
}

/**
 * One operation for many devices.
 */
export interface PushChunk {
  'operation': (_pushfleet_common_v1_Operation | null);
  'targets': (_pushfleet_node_v1_PushTarget)[];
  'deliverWithinMs': (number);
  'finishWithinMs': (number);
}
