// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';

export interface OutcomeCountInit {
  'outcome'?: (_pushfleet_common_v1_OutcomeInit);
  'devices'?: (number);
}

export interface OutcomeCount {
  'outcome': (_pushfleet_common_v1_Outcome);
  'devices': (number);
}
