// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * How a move goes; the last one says `done`.
 */
export interface MoveReportInit {
  'moveId'?: (string);
  'told'?: (number);
  'done'?: (boolean);
}

/**
 * How a move goes; the last one says `done`.
 */
export interface MoveReport {
  'moveId': (string);
  'told': (number);
  'done': (boolean);
}
