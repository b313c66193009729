// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { LinkKindInit as _pushfleet_admin_v1_LinkKindInit, LinkKind as _pushfleet_admin_v1_LinkKind } from '../../../pushfleet/admin/v1/LinkKind.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A device's live link.
 */
export interface SessionInit {
  'nodeId'?: (string);
  'workerId'?: (string);
  'link'?: (_pushfleet_admin_v1_LinkKindInit);
  'epoch'?: (number | string | Long);
  'openedAtMs'?: (number);
}

/**
 * A device's live link.
 */
export interface Session {
  'nodeId': (string);
  'workerId': (string);
  'link': (_pushfleet_admin_v1_LinkKind);
  'epoch': (number);
  'openedAtMs': (number);
}
