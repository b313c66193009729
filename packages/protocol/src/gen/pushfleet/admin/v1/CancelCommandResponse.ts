// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { CommandRecordInit as _pushfleet_admin_v1_CommandRecordInit, CommandRecord as _pushfleet_admin_v1_CommandRecord } from '../../../pushfleet/admin/v1/CommandRecord.ts';

export interface CancelCommandResponseInit {
  'command'?: (_pushfleet_admin_v1_CommandRecordInit | null);
}

export interface CancelCommandResponse {
  'command': (_pushfleet_admin_v1_CommandRecord | null);
}
