// Original file: proto/pushfleet/admin/v1/command_service.proto

/**
 * When Push returns, unless the command ends earlier.
 */
export const Wait = {
  /**
   * As WAIT_FINISHED.
   */
  WAIT_UNSPECIFIED: 'WAIT_UNSPECIFIED',
  /**
   * Once the command is on its way to the worker that holds the link: outcome ROUTED. A durable one at once: QUEUED or
   * ROUTED.
   */
  WAIT_ACCEPTED: 'WAIT_ACCEPTED',
  /**
   * Once the device confirmed it: outcome DELIVERED.
   */
  WAIT_DELIVERED: 'WAIT_DELIVERED',
  /**
   * Once it ended: SUCCEEDED and all that follow.
   */
  WAIT_FINISHED: 'WAIT_FINISHED',
} as const;

/**
 * When Push returns, unless the command ends earlier.
 */
export type WaitInit =
  /**
   * As WAIT_FINISHED.
   */
  | 'WAIT_UNSPECIFIED'
  | 0
  /**
   * Once the command is on its way to the worker that holds the link: outcome ROUTED. A durable one at once: QUEUED or
   * ROUTED.
   */
  | 'WAIT_ACCEPTED'
  | 1
  /**
   * Once the device confirmed it: outcome DELIVERED.
   */
  | 'WAIT_DELIVERED'
  | 2
  /**
   * Once it ended: SUCCEEDED and all that follow.
   */
  | 'WAIT_FINISHED'
  | 3

/**
 * When Push returns, unless the command ends earlier.
 */
export type Wait = typeof Wait[keyof typeof Wait]
