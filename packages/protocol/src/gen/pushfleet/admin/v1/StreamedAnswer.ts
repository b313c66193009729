// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from '../../../pushfleet/admin/v1/PushResponse.ts';
import type { PushErrorInit as _pushfleet_admin_v1_PushErrorInit, PushError as _pushfleet_admin_v1_PushError } from '../../../pushfleet/admin/v1/PushError.ts';
import type { Long } from '@grpc/proto-loader';

export interface StreamedAnswerInit {
  'correlationId'?: (number | string | Long);
  'response'?: (_pushfleet_admin_v1_PushResponseInit | null);
  'error'?: (_pushfleet_admin_v1_PushErrorInit | null);
  'answer'?: "response"|"error";
}

export interface StreamedAnswer {
  'correlationId': (number);
  'response'?: (_pushfleet_admin_v1_PushResponse | null);
  'error'?: (_pushfleet_admin_v1_PushError | null);
  'answer'?: "response"|"error";
}
