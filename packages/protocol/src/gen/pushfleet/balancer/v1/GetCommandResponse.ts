// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto

import type { CommandRecordInit as _pushfleet_admin_v1_CommandRecordInit, CommandRecord as _pushfleet_admin_v1_CommandRecord } from '../../../pushfleet/admin/v1/CommandRecord.ts';

export interface GetCommandResponseInit {
  /**
   * Who answers: the address may be another balancer's by now.
   */
  'balancerId'?: (string);
  'command'?: (_pushfleet_admin_v1_CommandRecordInit | null);
}

export interface GetCommandResponse {
  /**
   * Who answers: the address may be another balancer's by now.
   */
  'balancerId': (string);
  'command': (_pushfleet_admin_v1_CommandRecord | null);
}
