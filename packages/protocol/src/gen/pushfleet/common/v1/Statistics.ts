// Original file: proto/pushfleet/common/v1/outcome.proto


/**
 * Counters of an application, read at one time.
 */
export interface StatisticsInit {
  'counters'?: ({[key: string]: number | string});
  /**
   * By the device's clock.
   */
  'atMs'?: (number);
}

/**
 * Counters of an application, read at one time.
 */
export interface Statistics {
  'counters': ({[key: string]: number});
  /**
   * By the device's clock.
   */
  'atMs': (number);
}
