// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';
import type { Long } from '@grpc/proto-loader';

export interface DeviceOutcomeInit {
  'deviceId'?: (string);
  'commandId'?: (string);
  'outcome'?: (_pushfleet_common_v1_OutcomeInit);
  'reason'?: (string);
  'atMs'?: (number | string | Long);
}

export interface DeviceOutcome {
  'deviceId': (string);
  'commandId': (string);
  'outcome': (_pushfleet_common_v1_Outcome);
  'reason': (string);
  'atMs': (number);
}
