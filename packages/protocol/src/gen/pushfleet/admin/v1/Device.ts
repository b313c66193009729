// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { SessionInit as _pushfleet_admin_v1_SessionInit, Session as _pushfleet_admin_v1_Session } from '../../../pushfleet/admin/v1/Session.ts';
import type { LinkKindInit as _pushfleet_admin_v1_LinkKindInit, LinkKind as _pushfleet_admin_v1_LinkKind } from '../../../pushfleet/admin/v1/LinkKind.ts';

export interface DeviceInit {
  'deviceId'?: (string);
  /**
   * Path of its administration group.
   */
  'group'?: (string);
  /**
   * Output only; absent while the device is away.
   */
  'session'?: (_pushfleet_admin_v1_SessionInit | null);
  /**
   * At most 32; keys and values of 1 to 63 of A-Z a-z 0-9 . _ / -.
   */
  'labels'?: ({[key: string]: string});
  /**
   * How it may be linked. Empty: by either kind.
   */
  'linkKinds'?: (_pushfleet_admin_v1_LinkKindInit)[];
  /**
   * What its settings and its secret are, opaque. In a Put: the etag that they must have, or ABORTED (ETAG_MISMATCH) and nothing is changed;
   * empty: whatever they are.
   */
  'etag'?: (string);
}

export interface Device {
  'deviceId': (string);
  /**
   * Path of its administration group.
   */
  'group': (string);
  /**
   * Output only; absent while the device is away.
   */
  'session': (_pushfleet_admin_v1_Session | null);
  /**
   * At most 32; keys and values of 1 to 63 of A-Z a-z 0-9 . _ / -.
   */
  'labels': ({[key: string]: string});
  /**
   * How it may be linked. Empty: by either kind.
   */
  'linkKinds': (_pushfleet_admin_v1_LinkKind)[];
  /**
   * What its settings and its secret are, opaque. In a Put: the etag that they must have, or ABORTED (ETAG_MISMATCH) and nothing is changed;
   * empty: whatever they are.
   */
  'etag': (string);
}
