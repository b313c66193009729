// Original file: proto/pushfleet/device/v1/device_link.proto

import type { RunningInit as _pushfleet_device_v1_RunningInit, Running as _pushfleet_device_v1_Running } from '../../../pushfleet/device/v1/Running.ts';
import type { SucceededInit as _pushfleet_device_v1_SucceededInit, Succeeded as _pushfleet_device_v1_Succeeded } from '../../../pushfleet/device/v1/Succeeded.ts';
import type { FailedInit as _pushfleet_device_v1_FailedInit, Failed as _pushfleet_device_v1_Failed } from '../../../pushfleet/device/v1/Failed.ts';
import type { RejectedInit as _pushfleet_device_v1_RejectedInit, Rejected as _pushfleet_device_v1_Rejected } from '../../../pushfleet/device/v1/Rejected.ts';
import type { CancelledInit as _pushfleet_device_v1_CancelledInit, Cancelled as _pushfleet_device_v1_Cancelled } from '../../../pushfleet/device/v1/Cancelled.ts';

/**
 * What became of a command. `running` may be said any number of times, the others end the command.
 */
export interface CommandResultInit {
  'commandId'?: (string);
  'running'?: (_pushfleet_device_v1_RunningInit | null);
  'succeeded'?: (_pushfleet_device_v1_SucceededInit | null);
  'failed'?: (_pushfleet_device_v1_FailedInit | null);
  'rejected'?: (_pushfleet_device_v1_RejectedInit | null);
  'cancelled'?: (_pushfleet_device_v1_CancelledInit | null);
  'outcome'?: "running"|"succeeded"|"failed"|"rejected"|"cancelled";
}

/**
 * What became of a command. `running` may be said any number of times, the others end the command.
 */
export interface CommandResult {
  'commandId': (string);
  'running'?: (_pushfleet_device_v1_Running | null);
  'succeeded'?: (_pushfleet_device_v1_Succeeded | null);
  'failed'?: (_pushfleet_device_v1_Failed | null);
  'rejected'?: (_pushfleet_device_v1_Rejected | null);
  'cancelled'?: (_pushfleet_device_v1_Cancelled | null);
  'outcome'?: "running"|"succeeded"|"failed"|"rejected"|"cancelled";
}
