// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { CommandStatusInit as _pushfleet_common_v1_CommandStatusInit, CommandStatus as _pushfleet_common_v1_CommandStatus } from '../../../pushfleet/common/v1/CommandStatus.ts';

export interface PushResponseInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  'status'?: (_pushfleet_common_v1_CommandStatusInit | null);
  /**
   * The push server that held the link; empty where none did.
   */
  'nodeId'?: (string);
}

export interface PushResponse {
  'commandId': (string);
  'deviceId': (string);
  'status': (_pushfleet_common_v1_CommandStatus | null);
  /**
   * The push server that held the link; empty where none did.
   */
  'nodeId': (string);
}
