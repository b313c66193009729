// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { EvictionInit as _pushfleet_node_v1_EvictionInit, Eviction as _pushfleet_node_v1_Eviction } from '../../../pushfleet/node/v1/Eviction.ts';

export interface EvictRequestInit {
  'evictions'?: (_pushfleet_node_v1_EvictionInit)[];
}

export interface EvictRequest {
  'evictions': (_pushfleet_node_v1_Eviction)[];
}
