// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { WorkerHelloInit as _pushfleet_node_v1_WorkerHelloInit, WorkerHello as _pushfleet_node_v1_WorkerHello } from '../../../pushfleet/node/v1/WorkerHello.ts';
import type { CommandReportInit as _pushfleet_node_v1_CommandReportInit, CommandReport as _pushfleet_node_v1_CommandReport } from '../../../pushfleet/node/v1/CommandReport.ts';
import type { RedirectProgressInit as _pushfleet_node_v1_RedirectProgressInit, RedirectProgress as _pushfleet_node_v1_RedirectProgress } from '../../../pushfleet/node/v1/RedirectProgress.ts';
import type { TunnelArrivalInit as _pushfleet_node_v1_TunnelArrivalInit, TunnelArrival as _pushfleet_node_v1_TunnelArrival } from '../../../pushfleet/node/v1/TunnelArrival.ts';
import type { MemberRefusalInit as _pushfleet_node_v1_MemberRefusalInit, MemberRefusal as _pushfleet_node_v1_MemberRefusal } from '../../../pushfleet/node/v1/MemberRefusal.ts';

export interface ChannelResponseInit {
  /**
   * Present in the first message only. An empty message is a keep-alive.
   */
  'hello'?: (_pushfleet_node_v1_WorkerHelloInit | null);
  'reports'?: (_pushfleet_node_v1_CommandReportInit)[];
  'redirectProgress'?: (_pushfleet_node_v1_RedirectProgressInit)[];
  'tunnelArrivals'?: (_pushfleet_node_v1_TunnelArrivalInit)[];
  'memberRefusals'?: (_pushfleet_node_v1_MemberRefusalInit)[];
}

export interface ChannelResponse {
  /**
   * Present in the first message only. An empty message is a keep-alive.
   */
  'hello': (_pushfleet_node_v1_WorkerHello | null);
  'reports': (_pushfleet_node_v1_CommandReport)[];
  'redirectProgress': (_pushfleet_node_v1_RedirectProgress)[];
  'tunnelArrivals': (_pushfleet_node_v1_TunnelArrival)[];
  'memberRefusals': (_pushfleet_node_v1_MemberRefusal)[];
}
