// Original file: proto/pushfleet/admin/v1/overview_service.proto


/**
 * One moment of the history.
 */
export interface OverviewSampleInit {
  'sampleTimeMs'?: (number);
  'links'?: (number);
  'spread'?: (number | string);
  /**
   * Mean since the sample before.
   */
  'commandsPerSecond'?: ({[key: string]: number | string});
}

/**
 * One moment of the history.
 */
export interface OverviewSample {
  'sampleTimeMs': (number);
  'links': (number);
  'spread': (number);
  /**
   * Mean since the sample before.
   */
  'commandsPerSecond': ({[key: string]: number});
}
