// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { PushRequestInit as _pushfleet_admin_v1_PushRequestInit, PushRequest as _pushfleet_admin_v1_PushRequest } from '../../../pushfleet/admin/v1/PushRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface StreamedPushInit {
  /**
   * The caller's own number for the command; the answer carries it.
   */
  'correlationId'?: (number | string | Long);
  'push'?: (_pushfleet_admin_v1_PushRequestInit | null);
}

export interface StreamedPush {
  /**
   * The caller's own number for the command; the answer carries it.
   */
  'correlationId': (number);
  'push': (_pushfleet_admin_v1_PushRequest | null);
}
