// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { ErrorReasonInit as _pushfleet_common_v1_ErrorReasonInit, ErrorReason as _pushfleet_common_v1_ErrorReason } from '../../../pushfleet/common/v1/ErrorReason.ts';

/**
 * What is wrong with one row of an import.
 */
export interface RowErrorInit {
  /**
   * From 0, in the order of the stream.
   */
  'row'?: (number);
  'reason'?: (_pushfleet_common_v1_ErrorReasonInit);
  'field'?: (string);
  'message'?: (string);
}

/**
 * What is wrong with one row of an import.
 */
export interface RowError {
  /**
   * From 0, in the order of the stream.
   */
  'row': (number);
  'reason': (_pushfleet_common_v1_ErrorReason);
  'field': (string);
  'message': (string);
}
