// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { CommandRecordInit as _pushfleet_admin_v1_CommandRecordInit, CommandRecord as _pushfleet_admin_v1_CommandRecord } from '../../../pushfleet/admin/v1/CommandRecord.ts';

export interface ListCommandsResponseInit {
  'commands'?: (_pushfleet_admin_v1_CommandRecordInit)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListCommandsResponse {
  'commands': (_pushfleet_admin_v1_CommandRecord)[];
  /**
   * Empty: that was the last page.
   */
  'nextPageToken': (string);
}
