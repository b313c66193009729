// Original file: proto/pushfleet/device/v1/device_link.proto

import type { WelcomeInit as _pushfleet_device_v1_WelcomeInit, Welcome as _pushfleet_device_v1_Welcome } from '../../../pushfleet/device/v1/Welcome.ts';
import type { CommandInit as _pushfleet_device_v1_CommandInit, Command as _pushfleet_device_v1_Command } from '../../../pushfleet/device/v1/Command.ts';
import type { PongInit as _pushfleet_device_v1_PongInit, Pong as _pushfleet_device_v1_Pong } from '../../../pushfleet/device/v1/Pong.ts';
import type { RedirectInit as _pushfleet_device_v1_RedirectInit, Redirect as _pushfleet_device_v1_Redirect } from '../../../pushfleet/device/v1/Redirect.ts';

/**
 * What a push server says.
 */
export interface ConnectResponseInit {
  'welcome'?: (_pushfleet_device_v1_WelcomeInit | null);
  'command'?: (_pushfleet_device_v1_CommandInit | null);
  'pong'?: (_pushfleet_device_v1_PongInit | null);
  'redirect'?: (_pushfleet_device_v1_RedirectInit | null);
  'message'?: "welcome"|"command"|"pong"|"redirect";
}

/**
 * What a push server says.
 */
export interface ConnectResponse {
  'welcome'?: (_pushfleet_device_v1_Welcome | null);
  'command'?: (_pushfleet_device_v1_Command | null);
  'pong'?: (_pushfleet_device_v1_Pong | null);
  'redirect'?: (_pushfleet_device_v1_Redirect | null);
  'message'?: "welcome"|"command"|"pong"|"redirect";
}
