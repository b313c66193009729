// Original file: proto/pushfleet/device/v1/device_link.proto

import type { HelloInit as _pushfleet_device_v1_HelloInit, Hello as _pushfleet_device_v1_Hello } from '../../../pushfleet/device/v1/Hello.ts';
import type { DeliveredInit as _pushfleet_device_v1_DeliveredInit, Delivered as _pushfleet_device_v1_Delivered } from '../../../pushfleet/device/v1/Delivered.ts';
import type { CommandResultInit as _pushfleet_device_v1_CommandResultInit, CommandResult as _pushfleet_device_v1_CommandResult } from '../../../pushfleet/device/v1/CommandResult.ts';
import type { PingInit as _pushfleet_device_v1_PingInit, Ping as _pushfleet_device_v1_Ping } from '../../../pushfleet/device/v1/Ping.ts';
import type { GoodbyeInit as _pushfleet_device_v1_GoodbyeInit, Goodbye as _pushfleet_device_v1_Goodbye } from '../../../pushfleet/device/v1/Goodbye.ts';

/**
 * What a device says.
 */
export interface ConnectRequestInit {
  'hello'?: (_pushfleet_device_v1_HelloInit | null);
  'delivered'?: (_pushfleet_device_v1_DeliveredInit | null);
  'result'?: (_pushfleet_device_v1_CommandResultInit | null);
  'ping'?: (_pushfleet_device_v1_PingInit | null);
  'goodbye'?: (_pushfleet_device_v1_GoodbyeInit | null);
  'message'?: "hello"|"delivered"|"result"|"ping"|"goodbye";
}

/**
 * What a device says.
 */
export interface ConnectRequest {
  'hello'?: (_pushfleet_device_v1_Hello | null);
  'delivered'?: (_pushfleet_device_v1_Delivered | null);
  'result'?: (_pushfleet_device_v1_CommandResult | null);
  'ping'?: (_pushfleet_device_v1_Ping | null);
  'goodbye'?: (_pushfleet_device_v1_Goodbye | null);
  'message'?: "hello"|"delivered"|"result"|"ping"|"goodbye";
}
