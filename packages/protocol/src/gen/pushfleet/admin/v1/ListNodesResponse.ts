// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { NodeInit as _pushfleet_admin_v1_NodeInit, Node as _pushfleet_admin_v1_Node } from '../../../pushfleet/admin/v1/Node.ts';

export interface ListNodesResponseInit {
  'nodes'?: (_pushfleet_admin_v1_NodeInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListNodesResponse {
  'nodes': (_pushfleet_admin_v1_Node)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
