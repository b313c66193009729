// Original file: proto/pushfleet/common/v1/outcome.proto

/**
 * How far a command got. The values are ranked: up to RUNNING a command has not ended, from SUCCEEDED on it has, and its
 * outcome never changes again.
 */
export const Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  /**
   * Accepted, waiting for the device.
   */
  OUTCOME_QUEUED: 'OUTCOME_QUEUED',
  /**
   * Handed to the worker that holds the device's live link.
   */
  OUTCOME_ROUTED: 'OUTCOME_ROUTED',
  /**
   * The device confirmed that it has the command.
   */
  OUTCOME_DELIVERED: 'OUTCOME_DELIVERED',
  /**
   * The device said that it has begun.
   */
  OUTCOME_RUNNING: 'OUTCOME_RUNNING',
  /**
   * The device said that it is done.
   */
  OUTCOME_SUCCEEDED: 'OUTCOME_SUCCEEDED',
  /**
   * The device tried and failed.
   */
  OUTCOME_FAILED: 'OUTCOME_FAILED',
  /**
   * The device, or the push server for it, declined: the operation was not begun. Or the device's link ended each time
   * it was sent the command, before it could say that it has it; `reason` says so.
   */
  OUTCOME_REJECTED: 'OUTCOME_REJECTED',
  /**
   * A deadline passed before the command reached the device. It was not run.
   */
  OUTCOME_EXPIRED: 'OUTCOME_EXPIRED',
  /**
   * Withdrawn by the Administration Server before it was sent, and the device has not run it; or the device gave it up,
   * and the reason is its own.
   */
  OUTCOME_CANCELLED: 'OUTCOME_CANCELLED',
  /**
   * It waited, and a newer command took its place: one with the same collapse key, or a more urgent one in a full queue.
   * It was not run.
   */
  OUTCOME_SUPERSEDED: 'OUTCOME_SUPERSEDED',
  /**
   * The device has no live link. The command was not sent.
   */
  OUTCOME_NOT_CONNECTED: 'OUTCOME_NOT_CONNECTED',
  /**
   * The command was sent, and what became of it cannot be known. The device may have run it.
   */
  OUTCOME_UNKNOWN: 'OUTCOME_UNKNOWN',
} as const;

/**
 * How far a command got. The values are ranked: up to RUNNING a command has not ended, from SUCCEEDED on it has, and its
 * outcome never changes again.
 */
export type OutcomeInit =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  /**
   * Accepted, waiting for the device.
   */
  | 'OUTCOME_QUEUED'
  | 1
  /**
   * Handed to the worker that holds the device's live link.
   */
  | 'OUTCOME_ROUTED'
  | 2
  /**
   * The device confirmed that it has the command.
   */
  | 'OUTCOME_DELIVERED'
  | 3
  /**
   * The device said that it has begun.
   */
  | 'OUTCOME_RUNNING'
  | 4
  /**
   * The device said that it is done.
   */
  | 'OUTCOME_SUCCEEDED'
  | 5
  /**
   * The device tried and failed.
   */
  | 'OUTCOME_FAILED'
  | 6
  /**
   * The device, or the push server for it, declined: the operation was not begun. Or the device's link ended each time
   * it was sent the command, before it could say that it has it; `reason` says so.
   */
  | 'OUTCOME_REJECTED'
  | 7
  /**
   * A deadline passed before the command reached the device. It was not run.
   */
  | 'OUTCOME_EXPIRED'
  | 8
  /**
   * Withdrawn by the Administration Server before it was sent, and the device has not run it; or the device gave it up,
   * and the reason is its own.
   */
  | 'OUTCOME_CANCELLED'
  | 9
  /**
   * It waited, and a newer command took its place: one with the same collapse key, or a more urgent one in a full queue.
   * It was not run.
   */
  | 'OUTCOME_SUPERSEDED'
  | 10
  /**
   * The device has no live link. The command was not sent.
   */
  | 'OUTCOME_NOT_CONNECTED'
  | 11
  /**
   * The command was sent, and what became of it cannot be known. The device may have run it.
   */
  | 'OUTCOME_UNKNOWN'
  | 12

/**
 * How far a command got. The values are ranked: up to RUNNING a command has not ended, from SUCCEEDED on it has, and its
 * outcome never changes again.
 */
export type Outcome = typeof Outcome[keyof typeof Outcome]
