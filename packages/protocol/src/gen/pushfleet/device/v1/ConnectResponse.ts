// Original file: proto/pushfleet/device/v1/device_link.proto

import type { WelcomeInit as _pushfleet_device_v1_WelcomeInit, Welcome as _pushfleet_device_v1_Welcome } from '../../../pushfleet/device/v1/Welcome.ts';
import type { CommandInit as _pushfleet_device_v1_CommandInit, Command as _pushfleet_device_v1_Command } from '../../../pushfleet/device/v1/Command.ts';
import type { PongInit as _pushfleet_device_v1_PongInit, Pong as _pushfleet_device_v1_Pong } from '../../../pushfleet/device/v1/Pong.ts';
import type { RedirectInit as _pushfleet_device_v1_RedirectInit, Redirect as _pushfleet_device_v1_Redirect } from '../../../pushfleet/device/v1/Redirect.ts';
import type { CancelInit as _pushfleet_device_v1_CancelInit, Cancel as _pushfleet_device_v1_Cancel } from '../../../pushfleet/device/v1/Cancel.ts';
import type { ResultReceivedInit as _pushfleet_device_v1_ResultReceivedInit, ResultReceived as _pushfleet_device_v1_ResultReceived } from '../../../pushfleet/device/v1/ResultReceived.ts';

/**
 * What a push server says.
 */
export interface ConnectResponseInit {
  'welcome'?: (_pushfleet_device_v1_WelcomeInit | null);
  'command'?: (_pushfleet_device_v1_CommandInit | null);
  'pong'?: (_pushfleet_device_v1_PongInit | null);
  'redirect'?: (_pushfleet_device_v1_RedirectInit | null);
  'cancel'?: (_pushfleet_device_v1_CancelInit | null);
  'resultReceived'?: (_pushfleet_device_v1_ResultReceivedInit | null);
  'message'?: "welcome"|"command"|"pong"|"redirect"|"cancel"|"resultReceived";
}

/**
 * What a push server says.
 */
export interface ConnectResponse {
  'welcome'?: (_pushfleet_device_v1_Welcome | null);
  'command'?: (_pushfleet_device_v1_Command | null);
  'pong'?: (_pushfleet_device_v1_Pong | null);
  'redirect'?: (_pushfleet_device_v1_Redirect | null);
  'cancel'?: (_pushfleet_device_v1_Cancel | null);
  'resultReceived'?: (_pushfleet_device_v1_ResultReceived | null);
  'message'?: "welcome"|"command"|"pong"|"redirect"|"cancel"|"resultReceived";
}
