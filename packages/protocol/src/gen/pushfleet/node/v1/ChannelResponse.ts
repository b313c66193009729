// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { WorkerHelloInit as _pushfleet_node_v1_WorkerHelloInit, WorkerHello as _pushfleet_node_v1_WorkerHello } from '../../../pushfleet/node/v1/WorkerHello.ts';
import type { CommandReportInit as _pushfleet_node_v1_CommandReportInit, CommandReport as _pushfleet_node_v1_CommandReport } from '../../../pushfleet/node/v1/CommandReport.ts';
import type { MoveReportInit as _pushfleet_node_v1_MoveReportInit, MoveReport as _pushfleet_node_v1_MoveReport } from '../../../pushfleet/node/v1/MoveReport.ts';
import type { TunnelArrivalInit as _pushfleet_node_v1_TunnelArrivalInit, TunnelArrival as _pushfleet_node_v1_TunnelArrival } from '../../../pushfleet/node/v1/TunnelArrival.ts';

export interface ChannelResponseInit {
  /**
   * Only in the first message. A message without anything says that the worker is alive.
   */
  'hello'?: (_pushfleet_node_v1_WorkerHelloInit | null);
  'reports'?: (_pushfleet_node_v1_CommandReportInit)[];
  'moveReports'?: (_pushfleet_node_v1_MoveReportInit)[];
  'tunnelArrivals'?: (_pushfleet_node_v1_TunnelArrivalInit)[];
}

export interface ChannelResponse {
  /**
   * Only in the first message. A message without anything says that the worker is alive.
   */
  'hello': (_pushfleet_node_v1_WorkerHello | null);
  'reports': (_pushfleet_node_v1_CommandReport)[];
  'moveReports': (_pushfleet_node_v1_MoveReport)[];
  'tunnelArrivals': (_pushfleet_node_v1_TunnelArrival)[];
}
