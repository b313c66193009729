// Original file: proto/pushfleet/admin/v1/group_push.proto


/**
 * How fast its commands go out, and when no more do.
 */
export interface GroupPushPaceInit {
  /**
   * Commands that go out per second; 0: as many as it takes.
   */
  'commandsPerSecond'?: (number);
  /**
   * The commands go out evenly over so long; absent or 0: at once. Up to a day. Together with a rate the slower one holds.
   */
  'jitterWindowMs'?: (number);
  /**
   * No more commands go out once more than this share, in percent, of those that ended did not succeed. NOT_CONNECTED is
   * no success. 1 to 100; 0: never.
   */
  'abortFailedPercent'?: (number);
  /**
   * The share counts from this many ended commands on. 0: 20.
   */
  'abortAfter'?: (number);
}

/**
 * How fast its commands go out, and when no more do.
 */
export interface GroupPushPace {
  /**
   * Commands that go out per second; 0: as many as it takes.
   */
  'commandsPerSecond': (number);
  /**
   * The commands go out evenly over so long; absent or 0: at once. Up to a day. Together with a rate the slower one holds.
   */
  'jitterWindowMs': (number);
  /**
   * No more commands go out once more than this share, in percent, of those that ended did not succeed. NOT_CONNECTED is
   * no success. 1 to 100; 0: never.
   */
  'abortFailedPercent': (number);
  /**
   * The share counts from this many ended commands on. 0: 20.
   */
  'abortAfter': (number);
}
