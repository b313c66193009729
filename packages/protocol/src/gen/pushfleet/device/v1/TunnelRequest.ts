// Original file: proto/pushfleet/device/v1/device_link.proto

import type { TunnelHelloInit as _pushfleet_device_v1_TunnelHelloInit, TunnelHello as _pushfleet_device_v1_TunnelHello } from '../../../pushfleet/device/v1/TunnelHello.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from '../../../pushfleet/common/v1/TunnelFrame.ts';

export interface TunnelRequestInit {
  'hello'?: (_pushfleet_device_v1_TunnelHelloInit | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrameInit | null);
  'message'?: "hello"|"frame";
}

export interface TunnelRequest {
  'hello'?: (_pushfleet_device_v1_TunnelHello | null);
  'frame'?: (_pushfleet_common_v1_TunnelFrame | null);
  'message'?: "hello"|"frame";
}
