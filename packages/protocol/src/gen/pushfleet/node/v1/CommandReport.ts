// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { NotHereInit as _pushfleet_node_v1_NotHereInit, NotHere as _pushfleet_node_v1_NotHere } from '../../../pushfleet/node/v1/NotHere.ts';
import type { UnsentInit as _pushfleet_node_v1_UnsentInit, Unsent as _pushfleet_node_v1_Unsent } from '../../../pushfleet/node/v1/Unsent.ts';
import type { DeliveredInit as _pushfleet_node_v1_DeliveredInit, Delivered as _pushfleet_node_v1_Delivered } from '../../../pushfleet/node/v1/Delivered.ts';
import type { CommandResultInit as _pushfleet_device_v1_CommandResultInit, CommandResult as _pushfleet_device_v1_CommandResult } from '../../../pushfleet/device/v1/CommandResult.ts';
import type { LinkLostInit as _pushfleet_node_v1_LinkLostInit, LinkLost as _pushfleet_node_v1_LinkLost } from '../../../pushfleet/node/v1/LinkLost.ts';

/**
 * A change of a command's state, or its end, as a worker knows it.
 */
export interface CommandReportInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  'notHere'?: (_pushfleet_node_v1_NotHereInit | null);
  'unsent'?: (_pushfleet_node_v1_UnsentInit | null);
  'delivered'?: (_pushfleet_node_v1_DeliveredInit | null);
  'result'?: (_pushfleet_device_v1_CommandResultInit | null);
  'linkLost'?: (_pushfleet_node_v1_LinkLostInit | null);
  'report'?: "notHere"|"unsent"|"delivered"|"result"|"linkLost";
}

/**
 * A change of a command's state, or its end, as a worker knows it.
 */
export interface CommandReport {
  'commandId': (string);
  'deviceId': (string);
  'notHere'?: (_pushfleet_node_v1_NotHere | null);
  'unsent'?: (_pushfleet_node_v1_Unsent | null);
  'delivered'?: (_pushfleet_node_v1_Delivered | null);
  'result'?: (_pushfleet_device_v1_CommandResult | null);
  'linkLost'?: (_pushfleet_node_v1_LinkLost | null);
  'report'?: "notHere"|"unsent"|"delivered"|"result"|"linkLost";
}
