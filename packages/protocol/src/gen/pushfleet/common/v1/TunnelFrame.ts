// Original file: proto/pushfleet/common/v1/tunnel.proto

import type { TunnelEndInit as _pushfleet_common_v1_TunnelEndInit, TunnelEnd as _pushfleet_common_v1_TunnelEnd } from '../../../pushfleet/common/v1/TunnelEnd.ts';
import type { TunnelCloseInit as _pushfleet_common_v1_TunnelCloseInit, TunnelClose as _pushfleet_common_v1_TunnelClose } from '../../../pushfleet/common/v1/TunnelClose.ts';

/**
 * What travels through a tunnel, in either direction, in order.
 */
export interface TunnelFrameInit {
  /**
   * At most 64 KiB.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * No more data comes from this side; the other one may go on.
   */
  'end'?: (_pushfleet_common_v1_TunnelEndInit | null);
  /**
   * The tunnel is over, both ways.
   */
  'close'?: (_pushfleet_common_v1_TunnelCloseInit | null);
  'frame'?: "data"|"end"|"close";
}

/**
 * What travels through a tunnel, in either direction, in order.
 */
export interface TunnelFrame {
  /**
   * At most 64 KiB.
   */
  'data'?: (Buffer);
  /**
   * No more data comes from this side; the other one may go on.
   */
  'end'?: (_pushfleet_common_v1_TunnelEnd | null);
  /**
   * The tunnel is over, both ways.
   */
  'close'?: (_pushfleet_common_v1_TunnelClose | null);
  'frame'?: "data"|"end"|"close";
}
