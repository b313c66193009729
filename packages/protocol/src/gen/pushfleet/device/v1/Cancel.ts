// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The Administration Server withdraws a command. A device that runs it gives it up and answers with `cancelled`, or
 * with the result if that comes first.
 */
export interface CancelInit {
  'commandId'?: (string);
  'reason'?: (string);
}

/**
 * The Administration Server withdraws a command. A device that runs it gives it up and answers with `cancelled`, or
 * with the result if that comes first.
 */
export interface Cancel {
  'commandId': (string);
  'reason': (string);
}
