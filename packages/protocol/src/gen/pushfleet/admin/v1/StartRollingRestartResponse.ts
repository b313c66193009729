// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type { RollingRestartInit as _pushfleet_admin_v1_RollingRestartInit, RollingRestart as _pushfleet_admin_v1_RollingRestart } from '../../../pushfleet/admin/v1/RollingRestart.ts';

export interface StartRollingRestartResponseInit {
  'rollingRestart'?: (_pushfleet_admin_v1_RollingRestartInit | null);
}

export interface StartRollingRestartResponse {
  'rollingRestart': (_pushfleet_admin_v1_RollingRestart | null);
}
