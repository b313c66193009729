// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from '../../../pushfleet/admin/v1/PushResponse.ts';
import type { StatusInit as _google_rpc_StatusInit, Status as _google_rpc_Status } from '../../../google/rpc/Status.ts';
import type { Long } from '@grpc/proto-loader';

export interface StreamedAnswerInit {
  'correlationId'?: (number | string | Long);
  'response'?: (_pushfleet_admin_v1_PushResponseInit | null);
  /**
   * Why the command was not accepted; the same as the status of Push would say.
   */
  'error'?: (_google_rpc_StatusInit | null);
  'answer'?: "response"|"error";
}

export interface StreamedAnswer {
  'correlationId': (number);
  'response'?: (_pushfleet_admin_v1_PushResponse | null);
  /**
   * Why the command was not accepted; the same as the status of Push would say.
   */
  'error'?: (_google_rpc_Status | null);
  'answer'?: "response"|"error";
}
