// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto

import type { CommandRecordInit as _pushfleet_admin_v1_CommandRecordInit, CommandRecord as _pushfleet_admin_v1_CommandRecord } from '../../../pushfleet/admin/v1/CommandRecord.ts';

export interface WatchCommandResponseInit {
  'balancerId'?: (string);
  'command'?: (_pushfleet_admin_v1_CommandRecordInit | null);
}

export interface WatchCommandResponse {
  'balancerId': (string);
  'command': (_pushfleet_admin_v1_CommandRecord | null);
}
