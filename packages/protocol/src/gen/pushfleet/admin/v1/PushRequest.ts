// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';
import type { WaitInit as _pushfleet_admin_v1_WaitInit, Wait as _pushfleet_admin_v1_Wait } from '../../../pushfleet/admin/v1/Wait.ts';

export interface PushRequestInit {
  'deviceId'?: (string);
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  'wait'?: (_pushfleet_admin_v1_WaitInit);
  /**
   * From acceptance to the device's confirmation. 1 to 600,000; 0: 10,000.
   */
  'deliverWithinMs'?: (number);
  /**
   * From acceptance to the result. `deliver_within_ms` to 3,600,000; 0: the larger of 30,000 and `deliver_within_ms`.
   */
  'finishWithinMs'?: (number);
}

export interface PushRequest {
  'deviceId': (string);
  'operation': (_pushfleet_common_v1_Operation | null);
  'wait': (_pushfleet_admin_v1_Wait);
  /**
   * From acceptance to the device's confirmation. 1 to 600,000; 0: 10,000.
   */
  'deliverWithinMs': (number);
  /**
   * From acceptance to the result. `deliver_within_ms` to 3,600,000; 0: the larger of 30,000 and `deliver_within_ms`.
   */
  'finishWithinMs': (number);
}
