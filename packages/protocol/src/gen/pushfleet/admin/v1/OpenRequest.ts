// Original file: proto/pushfleet/admin/v1/tunnel_service.proto

import type { TunnelTargetInit as _pushfleet_admin_v1_TunnelTargetInit, TunnelTarget as _pushfleet_admin_v1_TunnelTarget } from '../../../pushfleet/admin/v1/TunnelTarget.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from '../../../pushfleet/common/v1/TunnelFrame.ts';

export interface OpenRequestInit {
  'target'?: (_pushfleet_admin_v1_TunnelTargetInit | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrameInit | null);
  'message'?: "target"|"frame";
}

export interface OpenRequest {
  'target'?: (_pushfleet_admin_v1_TunnelTarget | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrame | null);
  'message'?: "target"|"frame";
}
