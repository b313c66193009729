// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { GroupPushInit as _pushfleet_admin_v1_GroupPushInit, GroupPush as _pushfleet_admin_v1_GroupPush } from '../../../pushfleet/admin/v1/GroupPush.ts';

export interface ResumeGroupPushResponseInit {
  'groupPush'?: (_pushfleet_admin_v1_GroupPushInit | null);
}

export interface ResumeGroupPushResponse {
  'groupPush': (_pushfleet_admin_v1_GroupPush | null);
}
