// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { TunnelAttachInit as _pushfleet_node_v1_TunnelAttachInit, TunnelAttach as _pushfleet_node_v1_TunnelAttach } from '../../../pushfleet/node/v1/TunnelAttach.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from '../../../pushfleet/common/v1/TunnelFrame.ts';

export interface TunnelRequestInit {
  'attach'?: (_pushfleet_node_v1_TunnelAttachInit | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrameInit | null);
  'message'?: "attach"|"frame";
}

export interface TunnelRequest {
  'attach'?: (_pushfleet_node_v1_TunnelAttach | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrame | null);
  'message'?: "attach"|"frame";
}
