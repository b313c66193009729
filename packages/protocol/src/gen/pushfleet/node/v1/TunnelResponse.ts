// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from '../../../pushfleet/common/v1/TunnelFrame.ts';

export interface TunnelResponseInit {
  'frame'?: (_pushfleet_common_v1_TunnelFrameInit | null);
}

export interface TunnelResponse {
  'frame': (_pushfleet_common_v1_TunnelFrame | null);
}
