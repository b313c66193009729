// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { PushCommandInit as _pushfleet_node_v1_PushCommandInit, PushCommand as _pushfleet_node_v1_PushCommand } from '../../../pushfleet/node/v1/PushCommand.ts';
import type { MoveOrderInit as _pushfleet_node_v1_MoveOrderInit, MoveOrder as _pushfleet_node_v1_MoveOrder } from '../../../pushfleet/node/v1/MoveOrder.ts';
import type { PushChunkInit as _pushfleet_node_v1_PushChunkInit, PushChunk as _pushfleet_node_v1_PushChunk } from '../../../pushfleet/node/v1/PushChunk.ts';
import type { PokeInit as _pushfleet_node_v1_PokeInit, Poke as _pushfleet_node_v1_Poke } from '../../../pushfleet/node/v1/Poke.ts';
import type { CancelOrderInit as _pushfleet_node_v1_CancelOrderInit, CancelOrder as _pushfleet_node_v1_CancelOrder } from '../../../pushfleet/node/v1/CancelOrder.ts';
import type { WithdrawalInit as _pushfleet_node_v1_WithdrawalInit, Withdrawal as _pushfleet_node_v1_Withdrawal } from '../../../pushfleet/node/v1/Withdrawal.ts';
import type { VoidTicketsInit as _pushfleet_node_v1_VoidTicketsInit, VoidTickets as _pushfleet_node_v1_VoidTickets } from '../../../pushfleet/node/v1/VoidTickets.ts';

export interface ChannelRequestInit {
  'pushes'?: (_pushfleet_node_v1_PushCommandInit)[];
  'moves'?: (_pushfleet_node_v1_MoveOrderInit)[];
  'chunks'?: (_pushfleet_node_v1_PushChunkInit)[];
  'pokes'?: (_pushfleet_node_v1_PokeInit)[];
  'cancels'?: (_pushfleet_node_v1_CancelOrderInit)[];
  'withdrawals'?: (_pushfleet_node_v1_WithdrawalInit)[];
  'voidTickets'?: (_pushfleet_node_v1_VoidTicketsInit)[];
}

export interface ChannelRequest {
  'pushes': (_pushfleet_node_v1_PushCommand)[];
  'moves': (_pushfleet_node_v1_MoveOrder)[];
  'chunks': (_pushfleet_node_v1_PushChunk)[];
  'pokes': (_pushfleet_node_v1_Poke)[];
  'cancels': (_pushfleet_node_v1_CancelOrder)[];
  'withdrawals': (_pushfleet_node_v1_Withdrawal)[];
  'voidTickets': (_pushfleet_node_v1_VoidTickets)[];
}
