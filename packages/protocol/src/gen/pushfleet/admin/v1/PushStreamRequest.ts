// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { StreamedPushInit as _pushfleet_admin_v1_StreamedPushInit, StreamedPush as _pushfleet_admin_v1_StreamedPush } from '../../../pushfleet/admin/v1/StreamedPush.ts';

export interface PushStreamRequestInit {
  'pushes'?: (_pushfleet_admin_v1_StreamedPushInit)[];
}

export interface PushStreamRequest {
  'pushes': (_pushfleet_admin_v1_StreamedPush)[];
}
