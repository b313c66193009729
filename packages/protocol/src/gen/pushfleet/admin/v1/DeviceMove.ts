// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { DeviceMoveKindInit as _pushfleet_admin_v1_DeviceMoveKindInit, DeviceMoveKind as _pushfleet_admin_v1_DeviceMoveKind } from '../../../pushfleet/admin/v1/DeviceMoveKind.ts';
import type { LinkKindInit as _pushfleet_admin_v1_LinkKindInit, LinkKind as _pushfleet_admin_v1_LinkKind } from '../../../pushfleet/admin/v1/LinkKind.ts';

export interface DeviceMoveInit {
  /**
   * By the registry's clock.
   */
  'timeMs'?: (number);
  'kind'?: (_pushfleet_admin_v1_DeviceMoveKindInit);
  /**
   * Where it came to, or what it left.
   */
  'nodeId'?: (string);
  'linkKind'?: (_pushfleet_admin_v1_LinkKindInit);
  /**
   * Of DISCONNECTED the name of a close reason, as events have it; `nodeDead`: its push server died. Of CONNECTED
   * `sessionAsserted`: its push server had it all the time, and the registry had lost it or given it up. Else empty.
   */
  'reason'?: (string);
}

export interface DeviceMove {
  /**
   * By the registry's clock.
   */
  'timeMs': (number);
  'kind': (_pushfleet_admin_v1_DeviceMoveKind);
  /**
   * Where it came to, or what it left.
   */
  'nodeId': (string);
  'linkKind': (_pushfleet_admin_v1_LinkKind);
  /**
   * Of DISCONNECTED the name of a close reason, as events have it; `nodeDead`: its push server died. Of CONNECTED
   * `sessionAsserted`: its push server had it all the time, and the registry had lost it or given it up. Else empty.
   */
  'reason': (string);
}
