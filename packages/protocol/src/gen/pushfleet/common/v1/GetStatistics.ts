// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * The device reads counters of one of its applications.
 */
export interface GetStatisticsInit {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'applicationId'?: (string);
  /**
   * Names of counters, at most 256; empty: all.
   */
  'counters'?: (string)[];
  /**
   * Absent or 0: one answer, with SUCCEEDED. Else 0.1 seconds to a day: RUNNING with statistics every so often, until the
   * command is cancelled or its time to finish has passed.
   */
  'intervalMs'?: (number);
}

/**
 * The device reads counters of one of its applications.
 */
export interface GetStatistics {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'applicationId': (string);
  /**
   * Names of counters, at most 256; empty: all.
   */
  'counters': (string)[];
  /**
   * Absent or 0: one answer, with SUCCEEDED. Else 0.1 seconds to a day: RUNNING with statistics every so often, until the
   * command is cancelled or its time to finish has passed.
   */
  'intervalMs': (number);
}
