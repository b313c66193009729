// Original file: proto/pushfleet/admin/v1/fleet_service.proto


/**
 * What is wrong with one row of an import.
 */
export interface RowErrorInit {
  /**
   * From 0, in the order of the stream.
   */
  'row'?: (number);
  /**
   * From the table of error codes.
   */
  'code'?: (string);
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
  /**
   * From the table of error codes.
   */
  'code': (string);
  'field': (string);
  'message': (string);
}
