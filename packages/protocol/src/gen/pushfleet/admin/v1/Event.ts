// Original file: proto/pushfleet/admin/v1/event_service.proto

import type { EventKindInit as _pushfleet_admin_v1_EventKindInit, EventKind as _pushfleet_admin_v1_EventKind } from '../../../pushfleet/admin/v1/EventKind.ts';
import type { TunnelRecordInit as _pushfleet_admin_v1_TunnelRecordInit, TunnelRecord as _pushfleet_admin_v1_TunnelRecord } from '../../../pushfleet/admin/v1/TunnelRecord.ts';
import type { CloseReasonInit as _pushfleet_common_v1_CloseReasonInit, CloseReason as _pushfleet_common_v1_CloseReason } from '../../../pushfleet/common/v1/CloseReason.ts';
import type { Long } from '@grpc/proto-loader';

export interface EventInit {
  'resumeToken'?: (string);
  'kind'?: (_pushfleet_admin_v1_EventKindInit);
  'atMs'?: (number);
  /**
   * Of events about a device.
   */
  'deviceId'?: (string);
  'epoch'?: (number | string | Long);
  /**
   * The push server that it is about.
   */
  'nodeId'?: (string);
  'workerId'?: (string);
  /**
   * Why, in words.
   */
  'reason'?: (string);
  /**
   * Of events about a tunnel.
   */
  'tunnel'?: (_pushfleet_admin_v1_TunnelRecordInit | null);
  /**
   * Of EVENT_KIND_DEVICE_DISCONNECTED: why its link ended. UNSPECIFIED: nobody saw it end, as of a push server that died.
   */
  'closeReason'?: (_pushfleet_common_v1_CloseReasonInit);
}

export interface Event {
  'resumeToken': (string);
  'kind': (_pushfleet_admin_v1_EventKind);
  'atMs': (number);
  /**
   * Of events about a device.
   */
  'deviceId': (string);
  'epoch': (number);
  /**
   * The push server that it is about.
   */
  'nodeId': (string);
  'workerId': (string);
  /**
   * Why, in words.
   */
  'reason': (string);
  /**
   * Of events about a tunnel.
   */
  'tunnel': (_pushfleet_admin_v1_TunnelRecord | null);
  /**
   * Of EVENT_KIND_DEVICE_DISCONNECTED: why its link ended. UNSPECIFIED: nobody saw it end, as of a push server that died.
   */
  'closeReason': (_pushfleet_common_v1_CloseReason);
}
