// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { PushCommandInit as _pushfleet_node_v1_PushCommandInit, PushCommand as _pushfleet_node_v1_PushCommand } from '../../../pushfleet/node/v1/PushCommand.ts';
import type { RedirectRequestInit as _pushfleet_node_v1_RedirectRequestInit, RedirectRequest as _pushfleet_node_v1_RedirectRequest } from '../../../pushfleet/node/v1/RedirectRequest.ts';
import type { PushChunkInit as _pushfleet_node_v1_PushChunkInit, PushChunk as _pushfleet_node_v1_PushChunk } from '../../../pushfleet/node/v1/PushChunk.ts';
import type { WakeupInit as _pushfleet_node_v1_WakeupInit, Wakeup as _pushfleet_node_v1_Wakeup } from '../../../pushfleet/node/v1/Wakeup.ts';
import type { CancelCommandInit as _pushfleet_node_v1_CancelCommandInit, CancelCommand as _pushfleet_node_v1_CancelCommand } from '../../../pushfleet/node/v1/CancelCommand.ts';
import type { DiscardUnsentInit as _pushfleet_node_v1_DiscardUnsentInit, DiscardUnsent as _pushfleet_node_v1_DiscardUnsent } from '../../../pushfleet/node/v1/DiscardUnsent.ts';
import type { VoidTicketsInit as _pushfleet_node_v1_VoidTicketsInit, VoidTickets as _pushfleet_node_v1_VoidTickets } from '../../../pushfleet/node/v1/VoidTickets.ts';
import type { SessionCheckInit as _pushfleet_node_v1_SessionCheckInit, SessionCheck as _pushfleet_node_v1_SessionCheck } from '../../../pushfleet/node/v1/SessionCheck.ts';

export interface ChannelRequestInit {
  'pushes'?: (_pushfleet_node_v1_PushCommandInit)[];
  'redirects'?: (_pushfleet_node_v1_RedirectRequestInit)[];
  'chunks'?: (_pushfleet_node_v1_PushChunkInit)[];
  'wakeups'?: (_pushfleet_node_v1_WakeupInit)[];
  'cancels'?: (_pushfleet_node_v1_CancelCommandInit)[];
  'discards'?: (_pushfleet_node_v1_DiscardUnsentInit)[];
  'voidTickets'?: (_pushfleet_node_v1_VoidTicketsInit)[];
  'sessionChecks'?: (_pushfleet_node_v1_SessionCheckInit)[];
}

export interface ChannelRequest {
  'pushes': (_pushfleet_node_v1_PushCommand)[];
  'redirects': (_pushfleet_node_v1_RedirectRequest)[];
  'chunks': (_pushfleet_node_v1_PushChunk)[];
  'wakeups': (_pushfleet_node_v1_Wakeup)[];
  'cancels': (_pushfleet_node_v1_CancelCommand)[];
  'discards': (_pushfleet_node_v1_DiscardUnsent)[];
  'voidTickets': (_pushfleet_node_v1_VoidTickets)[];
  'sessionChecks': (_pushfleet_node_v1_SessionCheck)[];
}
