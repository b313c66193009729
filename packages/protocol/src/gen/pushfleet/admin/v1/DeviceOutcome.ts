// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';

export interface DeviceOutcomeInit {
  'deviceId'?: (string);
  'commandId'?: (string);
  'outcome'?: (_pushfleet_common_v1_OutcomeInit);
  'reason'?: (string);
  'atMs'?: (number);
}

export interface DeviceOutcome {
  'deviceId': (string);
  'commandId': (string);
  'outcome': (_pushfleet_common_v1_Outcome);
  'reason': (string);
  'atMs': (number);
}
