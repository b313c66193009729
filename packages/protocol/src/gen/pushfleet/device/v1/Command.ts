// Original file: proto/pushfleet/device/v1/device_link.proto

import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from '../../../pushfleet/common/v1/Operation.ts';

export interface CommandInit {
  /**
   * A device may see the same command twice; the id tells.
   */
  'commandId'?: (string);
  'operation'?: (_pushfleet_common_v1_OperationInit | null);
  /**
   * Its result is answered by ResultReceived. Until then the device keeps it, and says it again over its next link.
   */
  'durable'?: (boolean);
  /**
   * It was sent before, and no result has come. A device that has run it repeats the result; one that has not runs it.
   */
  'redelivered'?: (boolean);
  /**
   * The result is of use for this long from now. Absent: no limit.
   */
  'finishWithinMs'?: (number);
}

export interface Command {
  /**
   * A device may see the same command twice; the id tells.
   */
  'commandId': (string);
  'operation': (_pushfleet_common_v1_Operation | null);
  /**
   * Its result is answered by ResultReceived. Until then the device keeps it, and says it again over its next link.
   */
  'durable': (boolean);
  /**
   * It was sent before, and no result has come. A device that has run it repeats the result; one that has not runs it.
   */
  'redelivered': (boolean);
  /**
   * The result is of use for this long from now. Absent: no limit.
   */
  'finishWithinMs': (number);
}
