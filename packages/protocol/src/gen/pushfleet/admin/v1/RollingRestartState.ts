// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

/**
 * How far a rolling restart has come.
 */
export const RollingRestartState = {
  ROLLING_RESTART_STATE_UNSPECIFIED: 'ROLLING_RESTART_STATE_UNSPECIFIED',
  ROLLING_RESTART_STATE_RUNNING: 'ROLLING_RESTART_STATE_RUNNING',
  /**
   * No further push server begins until ResumeRollingRestart; the one whose turn it is goes on until it is ready.
   */
  ROLLING_RESTART_STATE_PAUSED: 'ROLLING_RESTART_STATE_PAUSED',
  /**
   * All have restarted; the load is evened out.
   */
  ROLLING_RESTART_STATE_REBALANCING: 'ROLLING_RESTART_STATE_REBALANCING',
  /**
   * It ends when the push server whose turn it is is ready.
   */
  ROLLING_RESTART_STATE_CANCELLING: 'ROLLING_RESTART_STATE_CANCELLING',
  ROLLING_RESTART_STATE_DONE: 'ROLLING_RESTART_STATE_DONE',
  /**
   * A push server does not work; those after it were left alone.
   */
  ROLLING_RESTART_STATE_FAILED: 'ROLLING_RESTART_STATE_FAILED',
  ROLLING_RESTART_STATE_CANCELLED: 'ROLLING_RESTART_STATE_CANCELLED',
} as const;

/**
 * How far a rolling restart has come.
 */
export type RollingRestartStateInit =
  | 'ROLLING_RESTART_STATE_UNSPECIFIED'
  | 0
  | 'ROLLING_RESTART_STATE_RUNNING'
  | 1
  /**
   * No further push server begins until ResumeRollingRestart; the one whose turn it is goes on until it is ready.
   */
  | 'ROLLING_RESTART_STATE_PAUSED'
  | 2
  /**
   * All have restarted; the load is evened out.
   */
  | 'ROLLING_RESTART_STATE_REBALANCING'
  | 3
  /**
   * It ends when the push server whose turn it is is ready.
   */
  | 'ROLLING_RESTART_STATE_CANCELLING'
  | 4
  | 'ROLLING_RESTART_STATE_DONE'
  | 5
  /**
   * A push server does not work; those after it were left alone.
   */
  | 'ROLLING_RESTART_STATE_FAILED'
  | 6
  | 'ROLLING_RESTART_STATE_CANCELLED'
  | 7

/**
 * How far a rolling restart has come.
 */
export type RollingRestartState = typeof RollingRestartState[keyof typeof RollingRestartState]
