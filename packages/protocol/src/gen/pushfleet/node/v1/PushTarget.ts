// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type { Long } from '@grpc/proto-loader';

export interface PushTargetInit {
  'commandId'?: (string);
  'deviceId'?: (string);
  'epoch'?: (number | string | Long);
}

export interface PushTarget {
  'commandId': (string);
  'deviceId': (string);
  'epoch': (number);
}
