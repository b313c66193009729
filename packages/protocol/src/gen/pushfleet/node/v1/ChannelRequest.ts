// Original file: proto/pushfleet/node/v1/node_control.proto

import type { PushCommandInit as _pushfleet_node_v1_PushCommandInit, PushCommand as _pushfleet_node_v1_PushCommand } from '../../../pushfleet/node/v1/PushCommand.ts';

export interface ChannelRequestInit {
  'pushes'?: (_pushfleet_node_v1_PushCommandInit)[];
}

export interface ChannelRequest {
  'pushes': (_pushfleet_node_v1_PushCommand)[];
}
