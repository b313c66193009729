// Original file: proto/pushfleet/node/v1/node_control.proto

import type { PushCommandInit as _pushfleet_node_v1_PushCommandInit, PushCommand as _pushfleet_node_v1_PushCommand } from '../../../pushfleet/node/v1/PushCommand.ts';
import type { MoveOrderInit as _pushfleet_node_v1_MoveOrderInit, MoveOrder as _pushfleet_node_v1_MoveOrder } from '../../../pushfleet/node/v1/MoveOrder.ts';

export interface ChannelRequestInit {
  'pushes'?: (_pushfleet_node_v1_PushCommandInit)[];
  'moves'?: (_pushfleet_node_v1_MoveOrderInit)[];
}

export interface ChannelRequest {
  'pushes': (_pushfleet_node_v1_PushCommand)[];
  'moves': (_pushfleet_node_v1_MoveOrder)[];
}
