// Original file: proto/pushfleet/admin/v1/tunnel_service.proto

import type { TunnelOpenedInit as _pushfleet_admin_v1_TunnelOpenedInit, TunnelOpened as _pushfleet_admin_v1_TunnelOpened } from '../../../pushfleet/admin/v1/TunnelOpened.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from '../../../pushfleet/common/v1/TunnelFrame.ts';

export interface OpenResponseInit {
  'opened'?: (_pushfleet_admin_v1_TunnelOpenedInit | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrameInit | null);
  'message'?: "opened"|"frame";
}

export interface OpenResponse {
  'opened'?: (_pushfleet_admin_v1_TunnelOpened | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrame | null);
  'message'?: "opened"|"frame";
}
