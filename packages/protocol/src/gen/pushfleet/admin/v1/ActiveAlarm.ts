// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type { AlarmInit as _pushfleet_admin_v1_AlarmInit, Alarm as _pushfleet_admin_v1_Alarm } from '../../../pushfleet/admin/v1/Alarm.ts';

/**
 * Something that an operator should look at.
 */
export interface ActiveAlarmInit {
  'kind'?: (_pushfleet_admin_v1_AlarmInit);
  /**
   * The id of the push server, device or balancer that it is about; `registry`.
   */
  'subject'?: (string);
  /**
   * For people.
   */
  'detail'?: (string);
  /**
   * Since when, as far as the balancer that answers has seen it.
   */
  'startTimeMs'?: (number);
}

/**
 * Something that an operator should look at.
 */
export interface ActiveAlarm {
  'kind': (_pushfleet_admin_v1_Alarm);
  /**
   * The id of the push server, device or balancer that it is about; `registry`.
   */
  'subject': (string);
  /**
   * For people.
   */
  'detail': (string);
  /**
   * Since when, as far as the balancer that answers has seen it.
   */
  'startTimeMs': (number);
}
