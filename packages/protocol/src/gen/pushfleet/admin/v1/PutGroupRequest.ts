// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { GroupInit as _pushfleet_admin_v1_GroupInit, Group as _pushfleet_admin_v1_Group } from '../../../pushfleet/admin/v1/Group.ts';

export interface PutGroupRequestInit {
  'group'?: (_pushfleet_admin_v1_GroupInit | null);
}

export interface PutGroupRequest {
  'group': (_pushfleet_admin_v1_Group | null);
}
