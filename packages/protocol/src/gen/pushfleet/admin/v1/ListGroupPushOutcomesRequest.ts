// Original file: proto/pushfleet/admin/v1/group_push.proto

import type { OutcomeInit as _pushfleet_common_v1_OutcomeInit, Outcome as _pushfleet_common_v1_Outcome } from '../../../pushfleet/common/v1/Outcome.ts';

export interface ListGroupPushOutcomesRequestInit {
  'groupPushId'?: (string);
  /**
   * Only devices that stand at one of these; empty: all.
   */
  'outcomes'?: (_pushfleet_common_v1_OutcomeInit)[];
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListGroupPushOutcomesRequest {
  'groupPushId': (string);
  /**
   * Only devices that stand at one of these; empty: all.
   */
  'outcomes': (_pushfleet_common_v1_Outcome)[];
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize': (number);
  'pageToken': (string);
}
